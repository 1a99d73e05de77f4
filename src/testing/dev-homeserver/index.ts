import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { routerOf } from './api/index.ts';
import { timelineOf } from './api/inspection.ts';
import { readRegistrations } from './appservice/registration.ts';
import { Homeserver } from './homeserver.ts';
import { createHttpServer, listen } from './http/server.ts';
import type { StoredEvent } from './room/event.ts';
import { JournalFile } from './world/journal-file.ts';

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
  const { serverName, dir, host = '127.0.0.1', log = () => {}, retryBaseMs = 2_000 } = options;
  const appservices = readRegistrations(options.registrations, serverName);
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const homeserver = new Homeserver({
    serverName,
    appservices,
    journal: dir === undefined ? undefined : new JournalFile(join(dir, 'journal.jsonl')),
    mediaDir: dir === undefined ? undefined : join(dir, 'media'),
    retryBaseMs,
    retryMaxMs: options.retryMaxMs ?? 256 * retryBaseMs,
    log,
  });
  const server = createHttpServer({
    router: routerOf(homeserver),
    allowOrigin: options.allowOrigin,
    log,
  });
  const port = await listen(server, options.port ?? 0, host);
  homeserver.start();

  return {
    url: `http://${host}:${port}`,
    port,
    timeline: (roomId) => timelineOf(homeserver, roomId),
    rooms: () => [...homeserver.world.rooms.keys()],
    joinedMembers: (roomId) => [...(homeserver.world.rooms.get(roomId)?.joined ?? [])],
    backlog: (appserviceId) => homeserver.couriers.get(appserviceId)?.backlog ?? 0,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      homeserver.close();
    },
  };
}
