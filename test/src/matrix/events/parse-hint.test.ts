import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHint } from '../../../../src/matrix/events/parse-hint.ts';

const room_id = '!r';
const [ann, bob] = ['@ann:hs.test', '@bob:hs.test'];

describe('parseHint', () => {
  it('tells who is away or there, and nothing of who is offline', () => {
    const presence = (content: object) => parseHint({ type: 'm.presence', sender: ann, content });
    expect(presence({ presence: 'online' })).toEqual({ kind: 'presence', who: ann });
    const away = { presence: 'unavailable', status_msg: 'lunch' };
    expect(presence(away)).toEqual({ kind: 'presence', who: ann, away: 'lunch' });
    expect(presence({ presence: 'unavailable' })).toMatchObject({ away: '' });
    expect(presence({ presence: 'offline' })).toBeUndefined();
  });

  it('tells everybody who types in a room', () => {
    const edu = { type: 'm.typing', room_id, content: { user_ids: [ann, bob] } };
    expect(parseHint(edu)).toEqual({ kind: 'typing', roomId: room_id, who: [ann, bob] });
  });

  it('tells up to where each has read, in the room or in a thread of it', () => {
    const content = {
      $1: { 'm.read': { [ann]: { ts: 1, thread_id: 'main' }, [bob]: { ts: 2 } } },
      $2: { 'm.read': { [ann]: { ts: 3, thread_id: '$root' } } },
    };
    expect(parseHint({ type: 'm.receipt', room_id, content })).toEqual({
      kind: 'read',
      roomId: room_id,
      reads: [
        { who: ann, upTo: '$2' },
        { who: bob, upTo: '$1' },
      ],
    });
  });

  it('takes the newest of what somebody has read, wherever it stands', () => {
    const content = {
      $2: { 'm.read': { [ann]: { ts: 9 } } },
      $1: { 'm.read': { [ann]: { ts: 3 } } },
    };
    expect(parseHint({ type: 'm.receipt', room_id, content })).toMatchObject({
      reads: [{ who: ann, upTo: '$2' }],
    });
  });

  it('tells nobody what somebody has read in private', () => {
    const content = { $1: { 'm.read.private': { [ann]: { ts: 1 } } } };
    expect(parseHint({ type: 'm.receipt', room_id, content })).toMatchObject({ reads: [] });
  });

  it.each([
    [{ type: 'm.presence', sender: ann, content: { presence: 'busy?' } }],
    [{ type: 'm.typing', content: { user_ids: [ann] } }],
    [{ type: 'm.new', room_id, content: {} }],
    [undefined],
    ['m.typing'],
  ])('makes nothing of %j', (edu) => {
    expect(parseHint(edu)).toBeUndefined();
  });

  it('never throws, whatever is in it', () => {
    const edu = fc.record({
      type: fc.constantFrom('m.typing', 'm.receipt'),
      room_id: fc.constantFrom('!r', 1),
      content: fc.oneof(
        fc.anything(),
        fc.dictionary(fc.string(), fc.record({ 'm.read': fc.anything() })),
        fc.record({ user_ids: fc.anything() }),
      ),
    });
    fc.assert(fc.property(fc.oneof(edu, fc.anything()), (any) => void parseHint(any)));
  });
});
