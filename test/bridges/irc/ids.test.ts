import { describe, expect, it } from 'vitest';
import {
  chatIdOf,
  isChannelName,
  isNick,
  messageIdOf,
  targetOf,
  userIdOf,
} from '../../../bridges/irc/ids.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';
import { type Line, parseLine } from '../../../bridges/irc/wire/line.ts';
import { remoteChatId } from '../../../src/adapter/index.ts';

const features = new Features().with(['CHANTYPES=#', 'CHANNELLEN=10', 'NICKLEN=9']);

describe('userIdOf and chatIdOf', () => {
  it('give one id to what the server holds to be one name', () => {
    expect(userIdOf('Ann[M]', features)).toBe(userIdOf('ann{m}', features));
    expect(chatIdOf('#Room', features)).toBe('#room');
    const ascii = features.with(['CASEMAPPING=ascii']);
    expect(userIdOf('Ann[M]', ascii)).toBe('ann[m]');
  });
});

describe('messageIdOf', () => {
  it("is the server's own id where it has one", () => {
    expect(messageIdOf(parseLine('@msgid=x~1 PRIVMSG #a b') as Line)).toBe('x~1');
  });
});

describe('isChannelName', () => {
  it.each(['#a', '#A.b-c:d', '#漢'])('takes %j', (name) => {
    expect(isChannelName(name, features)).toBe(true);
  });

  it.each(['a', '#', '', '&a', '#a b', '#a,#b', '#a\x07', '#a\r\n', '#12345678901'])(
    'refuses %j',
    (name) => {
      expect(isChannelName(name, features)).toBe(false);
    },
  );
});

describe('isNick', () => {
  it.each(['bob', 'Ann[m]', '_x-1'])('takes %j', (name) => {
    expect(isNick(name, features)).toBe(true);
  });

  it.each(['', '#a', '@bob', 'a b', 'a,b', 'bob!b', 'bob@h', ':x', '$*', 'a\nb', '1234567890'])(
    'refuses %j',
    (name) => {
      expect(isNick(name, features)).toBe(false);
    },
  );
});

describe('targetOf', () => {
  it('gives back one name, or refuses', () => {
    expect(targetOf(remoteChatId('#a'))).toBe('#a');
    for (const name of ['', 'a b', 'a,b', ':a', '$$*', 'a\r\nb', 'a\0'])
      expect(() => targetOf(remoteChatId(name))).toThrow();
  });
});
