import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { Write } from '../ports/journal.ts';
import type { Context } from './context.ts';

interface Known {
  readonly id: MatrixEventId;
  readonly roomId: MatrixRoomId;
  readonly json: string;
}

const NO_IDS = 'An event without an id or a room';

export interface Intake {
  transaction(events: readonly unknown[]): Promise<void>;
  unreadable(bytes: Uint8Array, reason: string): Promise<void>;
}

/** Puts what the homeserver pushes on disk, and wakes the rooms that it is about. */
export function createIntake(context: Context, wakeRoom: (roomId: MatrixRoomId) => void): Intake {
  const { storage, clock, log } = context;

  const keptAside = (bytes: Uint8Array, reason: string): Write => ({
    kind: 'kept-aside',
    atMs: clock.now(),
    bytes,
    reason,
  });

  return {
    async transaction(events) {
      const known: Known[] = [];
      const aside: Write[] = [];
      for (const event of events) {
        const json = JSON.stringify(event) ?? 'null';
        const ids = idsOf(event);
        if (ids) known.push({ ...ids, json });
        else aside.push(keptAside(Buffer.from(json), NO_IDS));
      }
      if (known.length === 0 && aside.length === 0) return;
      if (aside.length > 0)
        log('error', 'The homeserver sent what cannot be read; it is kept aside', {
          reason: NO_IDS,
          count: aside.length,
        });
      const heard: Write = { kind: 'matrix-events', atMs: clock.now(), events: known };
      await storage.journal.commit([heard, ...aside], 'soon');
      // Before it is on disk: what the lanes write before they send anything shares the flush.
      for (const roomId of new Set(known.map((event) => event.roomId))) wakeRoom(roomId);
      await storage.journal.onDisk();
    },
    async unreadable(bytes, reason) {
      await storage.journal.commit([keptAside(bytes, reason)]);
    },
  };
}

function idsOf(event: unknown): Omit<Known, 'json'> | undefined {
  if (typeof event !== 'object' || event === null) return undefined;
  const { event_id: id, room_id: roomId } = event as Record<string, unknown>;
  if (typeof id !== 'string' || typeof roomId !== 'string') return undefined;
  return id === '' || roomId === ''
    ? undefined
    : { id: id as MatrixEventId, roomId: roomId as MatrixRoomId };
}
