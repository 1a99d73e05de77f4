/** Where everything is: what a subject is told when it is started, as JSON in its environment. */
export interface Wiring {
  readonly homeserverUrl: string;
  readonly networkPort: number;
  /** Where the homeserver will call. */
  readonly listenPort: number;
  readonly dataDir: string;
  /** So many portals are there from the start: chat `c7` is room `!r7:hs.test`. */
  readonly portals: number;
}

const VARIABLE = 'BENCH_WIRING';

export const toEnvironment = (wiring: Wiring) => ({ [VARIABLE]: JSON.stringify(wiring) });

export function fromEnvironment(): Wiring {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error(`${VARIABLE} is not set: it is started by the bench`);
  return JSON.parse(text) as Wiring;
}

/** Said on standard output by a subject that can be pushed to. */
export const READY = 'READY';
export const sayReady = (): void => void process.stdout.write(`${READY}\n`);

export const SERVER = 'hs.test';
export const AS_TOKEN = 'bench-as-token';
export const HS_TOKEN = 'bench-hs-token';
export const NETWORK = 'null';
export const PREFIX = 'bench_';
export const BOT = `@${PREFIX}bot:${SERVER}`;
/** The one who speaks in every room. */
export const PERSON = `@alice:${SERVER}`;

/** The fixed names of everything, so that no subject needs to look up what belongs together. */
export const roomOf = (chat: string): string => `!r${chat.slice(1)}:${SERVER}`;
export const chatOf = (room: string): string => `c${room.slice(2, room.indexOf(':'))}`;
export const ghostOf = (user: string): string => `@${PREFIX}${NETWORK}_${user}:${SERVER}`;
export const isGhost = (userId: string): boolean => userId.startsWith(`@${PREFIX}${NETWORK}_`);
