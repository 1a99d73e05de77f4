import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../../src/testing/dev-homeserver/fault.ts';
import { checkAllowed } from '../../../../../src/testing/dev-homeserver/room/auth-rules.ts';
import type {
  Content,
  Draft,
  RoomVersion,
  StoredEvent,
} from '../../../../../src/testing/dev-homeserver/room/event.ts';
import { powerOf } from '../../../../../src/testing/dev-homeserver/room/power.ts';
import { Room } from '../../../../../src/testing/dev-homeserver/room/room.ts';

const alice = '@alice:hs.test';
const bob = '@bob:hs.test';
const carol = '@carol:hs.test';

/** A room made of state alone, as if every event in it had been allowed. */
function roomOf(version: RoomVersion, ...state: [string, string, Content, string?][]): Room {
  const room = new Room('!room', version);
  const all: typeof state = [['m.room.create', '', { room_version: version }], ...state];
  for (const [index, [type, stateKey, content, sender = alice]] of all.entries())
    room.add({
      position: index + 1,
      receivedAtMs: 0,
      event: {
        event_id: `$${index}`,
        room_id: '!room',
        type,
        sender,
        state_key: stateKey,
        content,
        origin_server_ts: 0,
      } satisfies StoredEvent,
    });
  return room;
}
const is = (userId: string, membership: string): [string, string, Content, string] => [
  'm.room.member',
  userId,
  { membership },
  userId,
];
const member = (sender: string, stateKey: string, membership: string): Draft => ({
  type: 'm.room.member',
  sender,
  stateKey,
  content: { membership },
});

type Levels = Readonly<Record<string, number>>;

/** `ok`, or the status that the room refuses it with. */
function verdict(room: Room, draft: Draft): 'ok' | number {
  try {
    checkAllowed(room, draft);
    return 'ok';
  } catch (error) {
    if (error instanceof Fault) return error.status;
    throw error;
  }
}

describe('checkAllowed', () => {
  it('lets nobody but its creator into a room that has just begun', () => {
    const room = roomOf('12');
    expect(verdict(room, member(alice, alice, 'join'))).toBe('ok');
    expect(verdict(room, member(bob, bob, 'join'))).toBe(403);
    expect(verdict(room, member(alice, bob, 'invite'))).toBe(403);
  });

  it.each([
    ['invite', undefined, 403],
    ['invite', 'leave', 403],
    ['invite', 'invite', 'ok'],
    ['invite', 'join', 'ok'],
    ['invite', 'ban', 403],
    ['public', undefined, 'ok'],
    ['public', 'leave', 'ok'],
    ['public', 'ban', 403],
  ])('under join rule %s takes one who is %s: %s', (rule, was, expected) => {
    const room = roomOf(
      '12',
      is(alice, 'join'),
      ['m.room.join_rules', '', { join_rule: rule }],
      ...(was === undefined ? [] : [is(bob, was)]),
    );
    expect(verdict(room, member(bob, bob, 'join'))).toBe(expected);
    expect(verdict(room, member(alice, bob, 'join'))).toBe(403);
  });

  it('gives power without end to creators of version 12, and 100 to that of version 11', () => {
    const creators = { room_version: '12', additional_creators: [bob] };
    const twelve = roomOf('12', ['m.room.create', '', creators], is(alice, 'join'));
    expect([powerOf(twelve, alice), powerOf(twelve, bob), powerOf(twelve, carol)]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    expect(powerOf(roomOf('11', is(alice, 'join')), alice)).toBe(100);
    const levels: [string, string, Content] = ['m.room.power_levels', '', { users_default: 5 }];
    expect(powerOf(roomOf('11', levels), alice)).toBe(5);
  });

  it.each([
    ['m.room.message', undefined, 0, 'ok'],
    ['m.room.message', undefined, -1, 403],
    ['m.room.name', '', 49, 403],
    ['m.room.name', '', 50, 'ok'],
    ['x.low', undefined, 9, 403],
    ['x.low', undefined, 10, 'ok'],
    ['x.low', '', 10, 'ok'],
  ])('takes %s with key %s from a level of %d: %s', (type, stateKey, level, expected) => {
    const levels = { users: { [bob]: level }, events: { 'x.low': 10 } };
    const room = roomOf('12', is(alice, 'join'), is(bob, 'join'), [
      'm.room.power_levels',
      '',
      levels,
    ]);
    const draft = { type, sender: bob, content: {}, ...(stateKey !== undefined && { stateKey }) };
    expect(verdict(room, draft)).toBe(expected);
  });

  it('never lets a change of levels take from the strong or give more than one has', () => {
    const level = fc.constantFrom(-1, 0, 1, 49, 50, 51, 100);
    const users = fc.record({ [alice]: level, [bob]: level, [carol]: level });
    fc.assert(
      fc.property(users, users, level, (before: Levels, after: Levels, inviteLevel) => {
        const room = roomOf('11', is(alice, 'join'), is(bob, 'join'), [
          'm.room.power_levels',
          '',
          { users: before, state_default: 0, invite: 0 },
        ]);
        const mine = before[bob] ?? 0;
        const allowed = verdict(room, {
          type: 'm.room.power_levels',
          sender: bob,
          stateKey: '',
          content: { users: after, state_default: 0, invite: inviteLevel },
        });
        const changed = [alice, bob, carol].filter((user) => before[user] !== after[user]);
        const isFair =
          mine >= 0 &&
          changed.every((user) => (after[user] ?? 0) <= mine) &&
          changed.every((user) => user === bob || (before[user] ?? 0) < mine) &&
          (inviteLevel === 0 || inviteLevel <= mine);
        expect(allowed === 'ok').toBe(isFair);
      }),
    );
  });

  it('lets somebody be kicked or banned by a stronger one only', () => {
    const level = fc.constantFrom(0, 49, 50, 51, 100);
    fc.assert(
      fc.property(level, level, fc.constantFrom('leave', 'ban'), (hers, his, membership) => {
        const room = roomOf('12', is(alice, 'join'), is(bob, 'join'), is(carol, 'join'), [
          'm.room.power_levels',
          '',
          { users: { [bob]: his, [carol]: hers } },
        ]);
        const isStronger = his >= 50 && his > hers;
        expect(verdict(room, member(bob, carol, membership)) === 'ok').toBe(isStronger);
        expect(verdict(room, member(bob, alice, membership))).toBe(403);
      }),
    );
  });
});

describe('Room', () => {
  it('remembers its state at every moment', () => {
    const room = roomOf(
      '12',
      is(alice, 'join'),
      ['m.room.name', '', { name: 'one' }],
      is(bob, 'invite'),
      ['m.room.name', '', { name: 'two' }],
      is(bob, 'join'),
    );
    const name = (position: number) => room.stateAt(position, 'm.room.name')?.event.content['name'];
    expect([1, 2, 3, 4, 5, 6].map(name)).toEqual([
      undefined,
      undefined,
      'one',
      'one',
      'two',
      'two',
    ]);
    expect([3, 4, 5, 6].map((position) => room.membership(bob, position))).toEqual([
      undefined,
      'invite',
      'invite',
      'join',
    ]);
    expect(room.allState(3)).toHaveLength(3);
    expect(room.allState()).toHaveLength(4);
  });
});
