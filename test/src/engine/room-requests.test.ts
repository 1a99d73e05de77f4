import { describe, expect, it } from 'vitest';
import { checkRequested, roomRequests } from '../../../src/engine/room-requests.ts';
import { remoteChatId } from '../../../src/model/remote-ids.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

describe('checkRequested', () => {
  const lists = { roomsFor: ['#my-*', '#a?c'], noRoomsFor: ['#*-staff'] };

  it.each(['#my-cats', '#abc', '#MY-dogs'])('lets a room be made for %s', (chat) => {
    expect(() => checkRequested(lists, remoteChatId(chat))).not.toThrow();
  });

  it.each(['#my-staff', '#abbc', '#other', 'x#my-cats'])('refuses one for %s', (chat) => {
    expect(() => checkRequested(lists, remoteChatId(chat))).toThrow(
      `No room is made for ${chat} here`,
    );
  });

  it('lets one be made for any chat where nothing is said, and takes signs as they are', () => {
    expect(() => checkRequested({}, remoteChatId('#any'))).not.toThrow();
    expect(() => checkRequested({ roomsFor: ['#c++'] }, remoteChatId('#c++'))).not.toThrow();
    expect(() => checkRequested({ roomsFor: [] }, remoteChatId('#any'))).toThrow('No room');
  });
});

describe('roomRequests', () => {
  it('are so many in a minute', async () => {
    const clock = fakeClock();
    const requests = roomRequests(clock);
    const taken = () => Array.from({ length: 30 }, () => requests.take()).filter(Boolean).length;
    expect(taken()).toBe(20);
    await clock.advance(60_000);
    expect(taken()).toBe(20);
  });
});
