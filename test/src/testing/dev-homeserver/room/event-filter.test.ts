import { describe, expect, it } from 'vitest';
import {
  type EventFilter,
  passes,
} from '../../../../../src/testing/dev-homeserver/room/event-filter.ts';

const entry = {
  position: 1,
  receivedAtMs: 0,
  event: {
    event_id: '$1',
    room_id: '!a',
    type: 'm.room.message',
    sender: '@a:hs.test',
    content: { url: 'mxc://hs.test/x' },
    origin_server_ts: 0,
  },
};

describe('passes', () => {
  it.each<[EventFilter, boolean]>([
    [{}, true],
    [{ types: ['m.room.message'] }, true],
    [{ types: ['m.room.*'] }, true],
    [{ types: ['*'], not_types: ['m.*.message'] }, false],
    [{ types: ['m-room-message'] }, false],
    [{ types: [] }, false],
    [{ senders: ['@b:hs.test'] }, false],
    [{ not_senders: ['@a:hs.test'] }, false],
    [{ rooms: ['!b'] }, false],
    [{ not_rooms: ['!b'] }, true],
    [{ contains_url: true }, true],
    [{ contains_url: false }, false],
  ])('%j: %s', (filter, expected) => {
    expect(passes(filter, entry)).toBe(expected);
  });
});
