import { describe, expect, it } from 'vitest';
import {
  readEvents,
  toChanges,
  toMembership,
} from '../../../../src/playground/sides/matrix-events.ts';

const event = (type: string, content: object, more: object = {}) => {
  const [read] = readEvents([
    { type, content, event_id: '$1', sender: '@alice:hs', origin_server_ts: 7, ...more },
  ]);
  if (read === undefined) throw new Error('The event of this test is no event');
  return read;
};
const changes = (...args: Parameters<typeof event>) =>
  toChanges(event(...args), (id) => id.startsWith('@ghost'));

describe('readEvents', () => {
  it('leaves out what is no event, and keeps the rest', () => {
    expect(readEvents([null, 3, { type: 'm.room.message' }])).toEqual([]);
    expect(readEvents(undefined)).toEqual([]);
    expect(readEvents([event('m.any', {}), {}])).toHaveLength(1);
  });
});

describe('toChanges', () => {
  it('reads a message, and who really said it', () => {
    expect(changes('m.room.message', { msgtype: 'm.text', body: 'hi' })).toEqual([
      { kind: 'said', id: '$1', sender: '@alice:hs', text: 'hi', atMs: 7, bridged: false },
    ]);
    const [ghostly] = changes('m.room.message', { body: 'hi' }, { sender: '@ghost:hs' });
    expect(ghostly).toMatchObject({ bridged: true });
  });

  it('reads answers, emotes and notices', () => {
    const answer = { 'm.relates_to': { 'm.in_reply_to': { event_id: '$0' } } };
    expect(changes('m.room.message', { body: 'yes', ...answer })[0]).toMatchObject({
      replyTo: '$0',
    });
    expect(changes('m.room.message', { msgtype: 'm.notice', body: 'x' })[0]).toMatchObject({
      as: 'notice',
    });
    expect(changes('m.room.message', { msgtype: 'm.emote', body: 'x' })[0]).toMatchObject({
      as: 'emote',
    });
  });

  it('reads an edit from its new content, not from the text for old clients', () => {
    const edit = {
      body: '* new',
      'm.new_content': { msgtype: 'm.text', body: 'new' },
      'm.relates_to': { rel_type: 'm.replace', event_id: '$0' },
    };
    expect(changes('m.room.message', edit)).toEqual([
      { kind: 'edited', target: '$0', text: 'new' },
    ]);
  });

  it('reads a message that was redacted before anybody looked', () => {
    const more = { unsigned: { redacted_because: {} } };
    expect(changes('m.room.message', {}, more).map(({ kind }) => kind)).toEqual([
      'said',
      'removed',
    ]);
  });

  it('reads reactions and redactions, wherever the room version has the target', () => {
    const relates = { rel_type: 'm.annotation', event_id: '$0', key: '👍' };
    expect(changes('m.reaction', { 'm.relates_to': relates })).toEqual([
      { kind: 'reacted', id: '$1', target: '$0', emoji: '👍', by: '@alice:hs', removed: false },
    ]);
    const removed = [{ kind: 'removed', target: '$0' }];
    expect(changes('m.room.redaction', { redacts: '$0' })).toEqual(removed);
    expect(changes('m.room.redaction', {}, { redacts: '$0' })).toEqual(removed);
  });

  it.each([
    ['SUCCESS', 'delivered'],
    ['PENDING', 'retrying'],
    ['FAIL_RETRIABLE', 'failed'],
    ['FAIL_PERMANENT', 'unknown'],
  ])('reads the status %s as %s', (status, fate) => {
    const content = { status, 'm.relates_to': { rel_type: 'm.reference', event_id: '$0' } };
    expect(changes('com.beeper.message_send_status', content)).toEqual([
      { kind: 'fate', target: '$0', fate },
    ]);
  });

  it('makes nothing of what it does not know', () => {
    expect(changes('m.room.topic', { topic: 'x' })).toEqual([]);
    expect(changes('m.room.message', { msgtype: 'm.text' })).toEqual([]);
  });
});

describe('toMembership', () => {
  it('tells who is here and what they are called', () => {
    const joined = event(
      'm.room.member',
      { membership: 'join', displayname: 'Bob' },
      { state_key: '@bob:hs' },
    );
    expect(toMembership(joined)).toEqual({ id: '@bob:hs', name: 'Bob', isHere: true });
  });

  it('calls somebody without a name by their local part', () => {
    const left = event('m.room.member', { membership: 'leave' }, { state_key: '@bob:hs' });
    expect(toMembership(left)).toEqual({ id: '@bob:hs', name: 'bob', isHere: false });
  });
});
