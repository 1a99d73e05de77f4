import { describe, expect, it } from 'vitest';
import type { Seen } from './channel-log.ts';
import { findHoles } from './holes.ts';
import type { RoomLine } from './room-lines.ts';

const atMs = 5_000;
const said = (text: string): Seen => ({ is: 'said', text, atMs });
const come: Seen = { is: 'bot in', atMs };
const gone: Seen = { is: 'server gone', atMs };
const words = (text: string): RoomLine => ({ is: 'words', text });
const wallMs = performance.timeOrigin + atMs;
const hole: RoomLine = { is: 'hole', sinceMs: wallMs - 2_000, untilMs: wallMs + 2_000 };
const earlier: RoomLine = { is: 'hole', sinceMs: wallMs - 9_000, untilMs: wallMs - 5_000 };

const found = (seen: readonly Seen[], room: readonly RoomLine[], keepsHistory = false) => {
  const { excused, findings } = findHoles({ chat: 'ch-1', seen, room, keepsHistory });
  return { excused: [...excused], faults: findings.map(({ fault, text }) => `${fault}: ${text}`) };
};

describe('findHoles', () => {
  it('excuses what was said before the bot came in, where the room was told of it', () => {
    const seen = [come, said('one'), said('two'), come, said('three')];
    const room = [words('one'), hole, words('three')];
    expect(found(seen, room)).toEqual({ excused: ['two'], faults: [] });
  });

  it('does not excuse what the bot was there for', () => {
    const seen = [come, said('one'), said('two'), said('three')];
    expect(found(seen, [words('one'), words('three')]).excused).toEqual([]);
    const later = [come, said('one'), come, said('two'), said('three')];
    expect(found(later, [words('one'), hole, words('three')]).excused).toEqual([]);
  });

  it('finds what is missing without a word, or with word of another time or place', () => {
    const seen = [said('one'), said('two'), come, said('three'), come, said('four')];
    const faults = ['lost: two'];
    expect(found(seen, [words('one'), words('three'), words('four')])).toMatchObject({ faults });
    expect(found(seen, [words('one'), earlier, words('three'), words('four')])).toMatchObject({
      faults,
    });
    expect(found(seen, [words('one'), words('three'), hole, words('four')])).toMatchObject({
      faults,
    });
  });

  it('finds a hole that is told of twice, or where none can be', () => {
    const seen = [said('one'), come, said('two'), said('three')];
    const room = [words('one'), hole, hole, words('two'), words('three')];
    expect(found(seen, room).faults).toEqual(['told wrongly: one']);
    const elsewhere = [words('one'), words('two'), hole, words('three')];
    expect(found(seen, elsewhere).faults).toEqual(['told wrongly: two']);
  });

  it('excuses in a channel with history only what died with its server', () => {
    const seen = [said('one'), said('two'), come, said('three')];
    const room = [words('one'), hole, words('three')];
    expect(found(seen, room, true)).toEqual({ excused: [], faults: ['told wrongly: one'] });
    const died = [said('one'), said('two'), gone, said('new'), come, said('three')];
    expect(found(died, room, true).excused).toEqual(['two']);
  });
});
