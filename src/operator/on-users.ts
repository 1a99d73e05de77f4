import type { MatrixUserId } from '../model/matrix-ids.ts';
import { count, field, text } from '../util/fields.ts';
import { type Answers, AskedWrongly } from './door.ts';

/** What is asked about people on Matrix, and done to what they have open. */
interface Overseer {
  user(user: MatrixUserId): Promise<unknown>;
  kill(
    user: MatrixUserId,
    how: { readonly network: string | undefined; readonly reason: string | undefined },
  ): Promise<readonly string[]>;
  reap(how: {
    readonly idleMs: number;
    readonly network: string | undefined;
    readonly isDry: boolean;
  }): Promise<unknown>;
}

/** @param networks the ids of all. */
export const onUsers = (overseer: Overseer, networks: readonly string[]): Answers => ({
  user: async (asked) => overseer.user(userIn(asked)),
  kill: async (asked) => ({
    closed: await overseer.kill(userIn(asked), {
      network: networkIn(asked, networks),
      reason: text(asked, 'reason'),
    }),
  }),
  reap: async (asked) => ({
    idle: await overseer.reap({
      idleMs: idleMsIn(asked),
      network: networkIn(asked, networks),
      isDry: field(asked, 'isDry') === true,
    }),
  }),
});

function idleMsIn(asked: unknown): number {
  const idleMs = count(asked, 'idleMs');
  if (idleMs !== undefined) return idleMs;
  throw new AskedWrongly('idleMs is to be a number');
}

function userIn(asked: unknown): MatrixUserId {
  const user = text(asked, 'user') ?? '';
  if (isUserId(user)) return user;
  throw new AskedWrongly(
    `A user of Matrix is named as @name:server, not ${user || 'with nothing'}`,
  );
}

const isUserId = (text: string): text is MatrixUserId => /^@[^:\s]*:\S+$/.test(text);

/** `undefined`: all of them. */
function networkIn(asked: unknown, networks: readonly string[]): string | undefined {
  const network = text(asked, 'network');
  if (network === undefined || networks.includes(network)) return network;
  throw new AskedWrongly(`There is no network ${network}, only ${networks.join(', ')}`);
}
