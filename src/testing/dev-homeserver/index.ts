import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { timelineOf } from './api/control.ts';
import { routerOf } from './api/index.ts';
import { readRegistrations } from './appservice/registration.ts';
import { Homeserver, type HomeserverParts } from './homeserver.ts';
import { createHttpServer, listen } from './http/server.ts';
import type { MishapInput } from './mishaps/mishap.ts';
import { type Happening, Mishaps } from './mishaps/mishaps.ts';
import type { StoredEvent } from './room/event.ts';
import { JournalFile } from './world/journal-file.ts';
import { MediaStore } from './world/media-store.ts';
import { World } from './world/world.ts';

export type { MishapInput } from './mishaps/mishap.ts';
export type { StoredEvent } from './room/event.ts';

export interface DevHomeserverOptions {
  /** What comes after the `:` of its users: not where it listens. */
  readonly serverName: string;
  /** The YAML of each appservice's registration. */
  readonly registrations: readonly string[];
  /** Default 0: one that is free. */
  readonly port?: number;
  readonly host?: '127.0.0.1';
  /** Where everything is kept: whoever starts with it again finds it all. Absent: in memory. */
  readonly dir?: string;
  /** The origin whose pages may talk to it. Absent: none. */
  readonly allowOrigin?: string;
  /** The first pause after an appservice failed; each further one is twice as long. Default 2 s. */
  readonly retryBaseMs?: number;
  /** The longest such pause. Default 256 times the first. */
  readonly retryMaxMs?: number;
  /**
   * Opens `/_dev/`, where whoever reaches the port may look at everything and have it go wrong: for
   * tests with a homeserver in a process of its own. Absent: closed.
   */
  readonly control?: boolean;
  /** What was in no transaction yet is forgotten at each start, as on Synapse. Absent: it is kept. */
  readonly losesQueue?: boolean;
  /** How large a file may be. Default 50 MiB. */
  readonly maxUploadBytes?: number;
  readonly log?: (line: string) => void;
}

/** A Matrix homeserver that runs. */
export interface DevHomeserver {
  readonly url: string;
  readonly port: number;
  /** All events of a room, in order, as they are now: one that was redacted is pruned. */
  timeline(roomId: string): readonly StoredEvent[];
  rooms(): readonly string[];
  joinedMembers(roomId: string): readonly string[];
  /** How many events an appservice has not acknowledged. */
  backlog(appserviceId: string): number;
  /** Goes wrong, once unless it is told otherwise. @throws for what is no mishap. */
  misbehave(mishap: MishapInput): Happening;
  /** Forgets all mishaps. */
  behave(): void;
  /**
   * Goes away as if it were killed, and with it what it has in memory only: whom it has answered
   * what, who types, and who waits for an answer.
   */
  stop(): Promise<void>;
  /** Comes back after `stop`, at the same address. */
  start(): Promise<void>;
  /** Ends every connection. What was answered is on disk already, if there is a `dir`. */
  close(): Promise<void>;
}

/**
 * Starts a Matrix homeserver on loopback, for tests and for the playground. It behaves like Synapse,
 * also where Synapse is odd, as far as bridges and clients without encryption can tell. It knows no
 * other homeserver.
 *
 * @throws {Error} for a registration that is wrong, a journal that is damaged, a port that is taken.
 */
export async function startDevHomeserver(options: DevHomeserverOptions): Promise<DevHomeserver> {
  const { host = '127.0.0.1', allowOrigin } = options;
  const parts = partsOf(options);
  let running = await run(parts, { host, allowOrigin, port: options.port ?? 0 });
  const { port } = running;
  const { world, mishaps } = parts;

  return {
    url: `http://${host}:${port}`,
    port,
    timeline: (roomId) => timelineOf(world, roomId),
    rooms: () => [...world.rooms.keys()],
    joinedMembers: (roomId) => [...(world.rooms.get(roomId)?.joined ?? [])],
    backlog: (appserviceId) => world.queues.backlog(appserviceId),
    misbehave: (mishap) => mishaps.add(mishap),
    behave: () => mishaps.clear(),
    stop: () => running.end(),
    start: async () => {
      running = await run(parts, { host, allowOrigin, port });
    },
    close: async () => {
      await running.end();
      parts.journal?.close();
    },
  };
}

function partsOf(options: DevHomeserverOptions): HomeserverParts {
  const { serverName, dir, log = () => {}, retryBaseMs = 2_000 } = options;
  const appservices = readRegistrations(options.registrations, serverName);
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const journal = dir === undefined ? undefined : new JournalFile(join(dir, 'journal.jsonl'));
  const world = new World();
  for (const change of journal?.read() ?? []) world.apply(change);
  return {
    ...{ serverName, appservices, world, journal, log, retryBaseMs },
    retryMaxMs: options.retryMaxMs ?? 256 * retryBaseMs,
    files: new MediaStore(dir === undefined ? undefined : join(dir, 'media')),
    mishaps: new Mishaps(),
    hasControl: options.control ?? false,
    losesQueue: options.losesQueue ?? false,
    maxUploadBytes: options.maxUploadBytes ?? 50 * 1024 * 1024,
  };
}

interface Face {
  readonly host: string;
  readonly port: number;
  readonly allowOrigin: string | undefined;
}

/** From one start to the next stop. */
async function run(parts: HomeserverParts, { host, port, allowOrigin }: Face) {
  const homeserver = new Homeserver(parts);
  const server = createHttpServer({ router: routerOf(homeserver), allowOrigin, log: parts.log });
  const bound = await listen(server, port, host);
  if (parts.losesQueue) homeserver.loseQueues();
  homeserver.start();
  return {
    port: bound,
    end: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      homeserver.close();
    },
  };
}
