import { describe, expect, it } from 'vitest';
import {
  memberEvent,
  messageFrom,
  sentAtMs,
  spokenIn,
  typingFrom,
} from '../../../bridges/irc/from-remote.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';
import { remoteChatId, type VoiceId } from '../../../src/adapter/index.ts';

const line = (raw: string) => parseLine(raw) as Line;
const features = new Features().with(['CASEMAPPING=rfc1459']);
const view = { chat: remoteChatId('#a'), features, nowMs: 7 };

describe('spokenIn', () => {
  it.each([
    ['PRIVMSG #a :hi', { kind: 'words', body: { text: 'hi' } }],
    ['NOTICE #a :beep', { kind: 'words', body: { text: 'beep', as: 'notice' } }],
    ['PRIVMSG #a :\x01ACTION waves\x01', { kind: 'words', body: { text: 'waves', as: 'emote' } }],
    ['PRIVMSG #a :\x01ACTION waves', { kind: 'words', body: { text: 'waves', as: 'emote' } }],
    ['PRIVMSG ann :\x01VERSION\x01', { kind: 'ctcp', verb: 'VERSION', rest: '' }],
    ['PRIVMSG ann :\x01ping 1 2\x01', { kind: 'ctcp', verb: 'PING', rest: '1 2' }],
  ])('reads %j', (raw, spoken) => {
    expect(spokenIn(line(raw))).toEqual(spoken);
  });
});

describe('messageFrom', () => {
  it('makes an event of a line with a time and an id', () => {
    const raw = '@time=2026-11-21T09:52:20.276Z;msgid=m~1 :Bob[m]!b@h PRIVMSG #A :hi';
    expect(messageFrom(line(raw), view)).toEqual({
      kind: 'message',
      chat: '#a',
      sentAtMs: 1795254740276,
      key: 'm~1',
      id: 'm~1',
      sender: 'bob{m}',
      body: { text: 'hi' },
    });
  });

  it('has no key where the server gives no ids, and an own id each time', () => {
    const first = messageFrom(line(':bob!b@h PRIVMSG #a :hi'), view);
    const second = messageFrom(line(':bob!b@h PRIVMSG #a :hi'), view);
    expect(first).not.toHaveProperty('key');
    expect(first?.sentAtMs).toBe(7);
    expect(first?.id).not.toBe(second?.id);
  });

  it('says in whose view it was heard, and whose echo it is', () => {
    const mine = { ...view, receiver: 'v1' as VoiceId };
    const event = messageFrom(line(':bob!b@h PRIVMSG ann :hi'), mine, 'key');
    expect(event).toMatchObject({ receiver: 'v1', echoOf: 'key' });
  });

  it('makes nothing of what programs say to each other', () => {
    expect(messageFrom(line(':bob!b@h PRIVMSG #a :\x01VERSION\x01'), view)).toBeUndefined();
  });
});

describe('sentAtMs', () => {
  it('is now where the server tells no time, or none that can be read', () => {
    expect(sentAtMs(line('PRIVMSG #a x'), 7)).toBe(7);
    expect(sentAtMs(line('@time=soon PRIVMSG #a x'), 7)).toBe(7);
  });
});

describe('memberEvent', () => {
  it('says who did what to whom, and why, without colours', () => {
    const moved = { channel: '#A', by: 'Op', nick: 'Bob', is: 'out', reason: '\x02spam' } as const;
    expect(memberEvent(moved, features, 7)).toEqual({
      kind: 'member',
      chat: '#a',
      sentAtMs: 7,
      sender: 'op',
      who: 'bob',
      is: 'out',
      reason: 'spam',
    });
  });
});

describe('typingFrom', () => {
  it('reads the tag, and nothing where there is none', () => {
    const typing = (tag: string) => typingFrom(line(`@${tag} :bob!b@h TAGMSG #a`), view);
    expect(typing('+typing=active')).toMatchObject({ sender: 'bob', kind: 'typing', forMs: 6_000 });
    expect(typing('+typing=done')).toMatchObject({ forMs: 0 });
    expect(typing('+other=1')).toBeUndefined();
  });
});
