import { parse } from '../../../../src/matrix/events/parse.ts';
import type { MatrixEvent } from '../../../../src/ports/matrix.ts';

/** What every event has. */
export const common = {
  event_id: '$1',
  room_id: '!room:example.org',
  sender: '@ann:example.org',
  origin_server_ts: 1_700_000_000_000,
};
/** What every event has, as it is understood. */
export const understood = {
  id: '$1',
  roomId: '!room:example.org',
  sender: '@ann:example.org',
  sentAtMs: 1_700_000_000_000,
};

/** Reads an event of a room. */
export const read = (type: string, content: object, more: object = {}): MatrixEvent =>
  parse(JSON.stringify({ ...common, type, content, ...more }));
