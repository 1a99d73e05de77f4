import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadLine, buildLine, maskOf, parseLine } from '../../../../bridges/irc/wire/line.ts';
import { anyCharacter } from '../../../support/any-character.ts';

describe('parseLine', () => {
  it('takes a line of a modern server apart', () => {
    const line = parseLine(
      '@time=2026-11-21T09:52:20.276Z;msgid=889~1;+a/b=x\\sy\\:z :bob!bob@127.0.0.1 PRIVMSG #a :hi : there',
    );
    expect(line?.tags.get('+a/b')).toBe('x y;z');
    expect(line?.tags.get('msgid')).toBe('889~1');
    expect(line?.source).toEqual({ nick: 'bob', user: 'bob', host: '127.0.0.1' });
    expect(line?.command).toBe('PRIVMSG');
    expect(line?.params).toEqual(['#a', 'hi : there']);
  });

  it('knows a server from a person by the missing user name', () => {
    expect(parseLine(':irc.test 001 bob :Welcome')?.source).toEqual({ nick: 'irc.test' });
  });

  it('bears more than one space between words, and an empty last one', () => {
    expect(parseLine(':x  TOPIC   #a  :')?.params).toEqual(['#a', '']);
    expect(parseLine('ping x ')?.command).toBe('PING');
    expect(parseLine('ping x ')?.params).toEqual(['x']);
  });

  it('makes nothing of what is no line', () => {
    for (const raw of ['', ' ', ':only.a.source', '@only=tags', 'H\u00c4LLO x', '12 x'])
      expect(parseLine(raw)).toBeUndefined();
  });

  it('never throws, whatever a server sends', () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (raw) => void parseLine(raw)));
  });
});

describe('maskOf', () => {
  it('is there only when both halves are', () => {
    expect(maskOf({ nick: 'a', user: 'u', host: 'h' })).toBe('u@h');
    expect(maskOf({ nick: 'a', host: 'h' })).toBeUndefined();
  });
});

describe('buildLine', () => {
  it('marks a last parameter that would be read as something else', () => {
    expect(buildLine('PRIVMSG', ['#a', 'two words'])).toBe('PRIVMSG #a :two words');
    expect(buildLine('PRIVMSG', ['#a', ':)'])).toBe('PRIVMSG #a ::)');
    expect(buildLine('PRIVMSG', ['#a', ''])).toBe('PRIVMSG #a :');
    expect(buildLine('JOIN', ['#a'])).toBe('JOIN #a');
  });

  it('escapes what is in a tag', () => {
    expect(buildLine('TAGMSG', ['#a'], { '+x': 'a;b c\\d\r\n' })).toBe(
      '@+x=a\\:b\\sc\\\\d\\r\\n TAGMSG #a',
    );
  });

  it.each([
    ['a line feed in the text', () => buildLine('PRIVMSG', ['#a', 'x\nQUIT'])],
    ['a carriage return in the text', () => buildLine('PRIVMSG', ['#a', 'x\rQUIT'])],
    ['NUL in the text', () => buildLine('PRIVMSG', ['#a', 'x\0'])],
    ['a space in the target', () => buildLine('PRIVMSG', ['#a b', 'x'])],
    ['a colon before the target', () => buildLine('PRIVMSG', [':a', 'x'])],
    ['an empty target', () => buildLine('PRIVMSG', ['', 'x'])],
    ['a command of two words', () => buildLine('QUIT now', [])],
    ['a tag name of two words', () => buildLine('TAGMSG', ['#a'], { 'a b': 'x' })],
    ['NUL in a tag', () => buildLine('TAGMSG', ['#a'], { a: '\0' })],
  ])('refuses %s', (_, build) => {
    expect(build).toThrow(BadLine);
  });

  it('is read back as what it was built from, on one line, whatever it was built from', () => {
    const text = fc.string({ unit: anyCharacter });
    const tags = fc.dictionary(fc.stringMatching(/^\+?[a-z]{1,8}$/), text);
    fc.assert(
      fc.property(fc.array(text), text, tags, (middle, last, given) => {
        const built = attempt(() => buildLine('PRIVMSG', [...middle, last], given));
        if (built === undefined) return;
        expect(built).not.toMatch(/[\r\n\0]/);
        const line = parseLine(built);
        expect(line?.params).toEqual([...middle, last]);
        expect(Object.fromEntries(line?.tags ?? [])).toEqual(given);
      }),
    );
  });
});

function attempt(build: () => string): string | undefined {
  try {
    return build();
  } catch (error) {
    expect(error).toBeInstanceOf(BadLine);
    return undefined;
  }
}
