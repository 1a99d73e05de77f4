import { describe, expect, it } from 'vitest';
import { read, understood } from './reading.ts';

describe('a name or topic', () => {
  it.each(['name', 'topic'] as const)('is a title: %s', (part) => {
    const content = { [part]: 'a\0b' };
    expect(read(`m.room.${part}`, content, { state_key: '' })).toEqual({
      kind: 'title',
      ...understood,
      part,
      text: 'ab',
    });
  });

  it('is empty where it was taken away, or is no text', () => {
    for (const content of [{}, { topic: 3 }])
      expect(read('m.room.topic', content, { state_key: '' })).toMatchObject({ text: '' });
  });
});

describe('power levels', () => {
  const [ann, ben] = ['@ann:example.org', '@ben:example.org'];
  const levels = (content: object, before?: object) =>
    read('m.room.power_levels', content, {
      state_key: '',
      ...(before && { unsigned: { prev_content: before } }),
    });

  it('say whose power is another one than before', () => {
    const before = { users: { [ann]: 100, [ben]: '50' }, users_default: 5 };
    expect(levels({ users: { [ann]: 100 }, users_default: 5 }, before)).toEqual({
      kind: 'power',
      ...understood,
      changes: [{ who: ben, was: 50, is: 5 }],
    });
  });

  it('say nothing where nobody has more or less, or nobody knows what was before', () => {
    const same = { users: { [ann]: 100 } };
    expect(levels({ ...same, events_default: 1 }, same)).toMatchObject({ kind: 'ignored' });
    expect(levels(same)).toMatchObject({ kind: 'ignored' });
  });
});

describe('a member', () => {
  const member = (content: object, more: object = {}) =>
    read('m.room.member', content, { state_key: '@bob:example.org', ...more });

  it.each(['join', 'leave', 'invite', 'ban', 'knock'])('may %s', (membership) => {
    expect(member({ membership })).toEqual({
      kind: 'member',
      ...understood,
      who: '@bob:example.org',
      is: membership,
      isDirect: false,
    });
  });

  it('has a name, a picture, a reason, and what they were before', () => {
    const content = {
      membership: 'invite',
      displayname: 'Bob',
      avatar_url: 'mxc://example.org/a',
      reason: 'hello',
      is_direct: true,
    };
    const unsigned = { prev_content: { membership: 'leave' } };
    expect(member(content, { unsigned })).toMatchObject({
      displayName: 'Bob',
      avatar: 'mxc://example.org/a',
      reason: 'hello',
      isDirect: true,
      was: 'leave',
    });
  });

  it.each([
    [[{ type: 'm.room.create' }, { type: 'm.room.encryption' }], true],
    [[{ type: 'm.room.create' }, 3, null], false],
    ['x', undefined],
  ])(
    'is told by an invitation whether the room is encrypted: %j',
    (invite_room_state, expected) => {
      const event = member({ membership: 'invite' }, { unsigned: { invite_room_state } });
      expect(event.kind === 'member' ? event.isEncrypted : 'no member').toBe(expected);
    },
  );

  it('stays one when its event was redacted', () => {
    const unsigned = { redacted_because: { type: 'm.room.redaction' } };
    expect(member({ membership: 'join' }, { unsigned }).kind).toBe('member');
  });

  it.each([
    [{ membership: 'sleep' }, { state_key: '@bob:example.org' }],
    [{}, { state_key: '@bob:example.org' }],
    [{ membership: 'join' }, {}],
    [{ membership: 'join' }, { state_key: 3 }],
  ])('that is none is nothing: %j %j', (content, more) => {
    expect(read('m.room.member', content, more).kind).toBe('ignored');
  });
});

describe('a room', () => {
  it('becomes encrypted for good, also by an event that was emptied', () => {
    const encryption = (content: object) => read('m.room.encryption', content, { state_key: '' });
    expect(encryption({ algorithm: 'm.megolm.v1.aes-sha2' })).toEqual({
      kind: 'encryption-on',
      ...understood,
      algorithm: 'm.megolm.v1.aes-sha2',
    });
    expect(encryption({}).kind).toBe('encryption-on');
  });

  it('has an encrypted event, unless it was redacted', () => {
    const encrypted = read('m.room.encrypted', { algorithm: 'm.megolm.v1.aes-sha2' });
    expect(encrypted).toEqual({ kind: 'encrypted', ...understood });
    expect(read('m.room.encrypted', {}).kind).toBe('ignored');
  });

  it('is replaced by another', () => {
    const tombstone = (content: object, key = '') =>
      read('m.room.tombstone', content, { state_key: key });
    expect(tombstone({ replacement_room: '!new' })).toMatchObject({
      kind: 'tombstone',
      replacement: '!new',
    });
    expect(tombstone({ replacement_room: 'nonsense' })).toEqual({
      kind: 'tombstone',
      ...understood,
    });
    expect(tombstone({ replacement_room: '!new' }, 'x').kind).toBe('ignored');
  });
});
