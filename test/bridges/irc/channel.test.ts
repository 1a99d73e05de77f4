import { describe, expect, it } from 'vitest';
import { Channel } from '../../../bridges/irc/channel.ts';
import { messageFrom } from '../../../bridges/irc/from-remote.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';
import {
  type Newest,
  type RemoteEvent,
  remoteChatId,
  remoteMessageId,
} from '../../../src/adapter/index.ts';

const chat = remoteChatId('#a');
const features = new Features();
const atMs = (second: number) => Date.parse('2026-11-21T10:00:00Z') + second * 1_000;
const newest = (second: number, id?: string): Newest => ({
  atMs: atMs(second),
  ...(id && { id: remoteMessageId(id) }),
});

/** A line of a replay: said at a second, with that as its id. */
const old = (second: number): Line =>
  parseLine(
    `@time=${new Date(atMs(second)).toISOString()};msgid=m${second} :bob!b@h PRIVMSG #a ${second}`,
  ) as Line;
const read = (line: Line): RemoteEvent[] => {
  const event = messageFrom(line, { chat, features, nowMs: 0 });
  return event ? [event] : [];
};
const shown = (events: readonly RemoteEvent[]) =>
  events.map((event) => (event.kind === 'message' ? event.body.text : event.kind));

/** When it is joined. */
const nowMs = atMs(3_600);

/** Joined, with this replay. */
function arrive(channel: Channel, replay: readonly Line[] = [], live: readonly Line[] = []) {
  channel.begin();
  channel.replayed(replay);
  for (const line of live) expect(channel.pass(read(line))).toEqual([]);
  return channel.arrive(read, { nowMs, skewMs: 0, echoes: true });
}

describe('Channel', () => {
  it('tells nothing of the past when the core knows nothing yet', () => {
    const channel = new Channel(chat, '#a', undefined);
    expect(arrive(channel, [old(1), old(2)])).toEqual([]);
  });

  it('tells what was said since the newest that is known, and then what is new', () => {
    const channel = new Channel(chat, '#a', newest(2, 'm2'));
    expect(shown(arrive(channel, [old(1), old(2), old(3), old(4)], [old(5)]))).toEqual([
      '3',
      '4',
      '5',
    ]);
  });

  it('goes by the time where the newest was no message', () => {
    const channel = new Channel(chat, '#a', newest(2.7));
    expect(shown(arrive(channel, [old(1), old(2), old(3)]))).toEqual(['2', '3']);
  });

  it('tells of a hole when the past does not reach back far enough', () => {
    const channel = new Channel(chat, '#a', newest(2));
    const [hole, ...rest] = arrive(channel, [old(5), old(6)]);
    expect(hole).toMatchObject({ kind: 'hole', sinceMs: atMs(2), sentAtMs: atMs(5) });
    expect(shown(rest)).toEqual(['5', '6']);
  });

  it('tells of a hole where there is no past at all, before what is new', () => {
    const channel = new Channel(chat, '#a', newest(2));
    expect(shown(arrive(channel, [], [old(9)]))).toEqual(['hole', '9']);
  });

  it('takes a line of the same second for no proof that nothing is missing', () => {
    const channel = new Channel(chat, '#a', newest(2.5));
    expect(shown(arrive(channel, [old(2)]))).toEqual(['hole', '2']);
  });

  it('goes on from the last line that it heard when it comes back', () => {
    const channel = new Channel(chat, '#a', undefined);
    arrive(channel);
    expect(shown(channel.pass(read(old(3))))).toEqual(['3']);
    channel.interrupted(atMs(4));
    expect(channel.pass(read(old(5)))).toEqual([]);
    expect(shown(arrive(channel, [old(2), old(3), old(5)]))).toEqual(['5']);
  });

  it('still knows where it was after a join that came to nothing', () => {
    const channel = new Channel(chat, '#a', newest(2, 'm2'));
    channel.begin();
    channel.replayed([old(7)]);
    channel.interrupted(atMs(9));
    expect(shown(arrive(channel, [old(2), old(3)]))).toEqual(['3']);
  });

  describe('find', () => {
    const soon = nowMs + 60_000;

    it('knows a line of ours that came back', () => {
      const channel = new Channel(chat, '#a', undefined);
      arrive(channel);
      channel.echoed('k', remoteMessageId('m1'), nowMs);
      expect(channel.find('k', soon)).toEqual({ ids: ['m1'] });
    });

    it('is sure that a line is not there only if it has listened since before it was tried', () => {
      const channel = new Channel(chat, '#a', undefined);
      arrive(channel);
      expect(channel.find('k', soon)).toBe('absent');
      expect(channel.find('k', nowMs - 60_000)).toBe('cannot-tell');
    });

    it('is sure by a past that reaches back far enough', () => {
      const channel = new Channel(chat, '#a', undefined);
      arrive(channel, [old(1)]);
      expect(channel.find('k', atMs(5))).toBe('absent');
      expect(channel.find('k', atMs(1.5))).toBe('cannot-tell');
    });

    it('reads the clock of the server as being ahead or behind', () => {
      const channel = new Channel(chat, '#a', undefined);
      channel.begin();
      channel.replayed([old(100)]);
      channel.arrive(read, { nowMs, skewMs: 90_000, echoes: true });
      expect(channel.find('k', atMs(12))).toBe('absent');
      expect(channel.find('k', atMs(10))).toBe('cannot-tell');
    });

    it('is never sure where our lines do not come back', () => {
      const channel = new Channel(chat, '#a', undefined);
      channel.begin();
      channel.arrive(read, { nowMs, skewMs: 0, echoes: false });
      expect(channel.find('k', soon)).toBe('cannot-tell');
    });

    it('is sure across an interruption only if nothing is missing', () => {
      const whole = new Channel(chat, '#a', undefined);
      arrive(whole, [old(1)]);
      whole.pass(read(old(3)));
      whole.interrupted(atMs(4));
      arrive(whole, [old(3), old(5)]);
      expect(whole.find('k', atMs(2.5))).toBe('absent');

      const broken = new Channel(chat, '#a', undefined);
      arrive(broken, [old(1)]);
      broken.interrupted(atMs(4));
      arrive(broken, [old(5)]);
      expect(broken.find('k', atMs(2.5))).toBe('cannot-tell');
    });

    it('forgets the oldest echoes, and then is sure of that time no more', () => {
      const channel = new Channel(chat, '#a', undefined);
      channel.begin();
      channel.arrive(read, { nowMs: atMs(0), skewMs: 0, echoes: true });
      const echoed = (n: number) => channel.echoed(`k${n}`, remoteMessageId(`m${n}`), atMs(9));
      for (let n = 0; n < 2_000; n++) echoed(n);
      expect(channel.find('never', atMs(5))).toBe('absent');
      echoed(2_000);
      expect(channel.find('k2000', atMs(5))).toEqual({ ids: ['m2000'] });
      expect(channel.find('k0', atMs(5))).toBe('cannot-tell');
      expect(channel.find('never', atMs(10))).toBe('absent');
    });
  });
});
