import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawLines } from '../../../bridges/irc/format.ts';
import { withoutLooks } from '../../../bridges/irc/looks.ts';
import { messageLines } from '../../../bridges/irc/message-lines.ts';
import { memberLines, typingLine } from '../../../bridges/irc/to-remote.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';
import {
  BridgeError,
  type MessageBody,
  remoteChatId,
  remoteUserId,
} from '../../../src/adapter/index.ts';
import { anyCharacter } from '../../support/any-character.ts';

const chat = remoteChatId('#a');
const features = new Features().with(['NICKLEN=9', 'USERLEN=10', 'HOSTLEN=20']);
const self = { features, user: '~ann', host: 'h.test' };
const lines = (body: MessageBody, to = chat) => messageLines({ chat: to, body }, self);

describe('messageLines', () => {
  it('makes each line of a text a message', () => {
    expect(lines({ text: 'one\n\ntwo words' })).toEqual([
      'PRIVMSG #a one',
      'PRIVMSG #a :two words',
    ]);
  });

  it('says what somebody does as such, line by line', () => {
    expect(lines({ text: 'waves\nsmiles', as: 'emote' })).toEqual([
      'PRIVMSG #a :\x01ACTION waves\x01',
      'PRIVMSG #a :\x01ACTION smiles\x01',
    ]);
  });

  it('says what a machine says as a notice', () => {
    expect(lines({ text: 'beep', as: 'notice' })).toEqual(['NOTICE #a beep']);
  });

  it('names whoever it is said for, before each line', () => {
    const said = (body: MessageBody) => messageLines({ chat, body }, self, { name: '<Ann> ' });
    expect(said({ text: 'one\ntwo', as: 'emote' })).toEqual([
      'PRIVMSG #a :<Ann> one',
      'PRIVMSG #a :<Ann> two',
    ]);
    const long = said({ text: 'x'.repeat(1_000) });
    // With a colon, as there is a space in it.
    expect(long[0]?.length).toBe((lines({ text: 'x'.repeat(1_000) })[0]?.length ?? 0) + 1);
    for (const line of long) expect(line).toContain(':<Ann> x');
  });

  it('says its HTML, where that can be written, and calls people by their nicks in it', () => {
    const html = '<a href="https://matrix.to/#/@bob:x">Bob</a> <b>x</b>';
    const mentions = [{ start: 0, end: 3, user: remoteUserId('bob') }];
    const said = messageLines({ chat, body: { text: 'Bob x', html, mentions } }, self, {
      nickOf: () => 'bob[m]',
    });
    expect(said).toEqual(['PRIVMSG #a :bob[m]: \x02x']);
    expect(lines({ text: ':cat:', html: '<img src="mxc://a/b">' })).toEqual(['PRIVMSG #a ::cat:']);
  });

  it('has nothing to say of nothing', () => {
    expect(lines({ text: ' \n' })).toEqual([]);
  });

  it.each(['#a,#b', '#a b', ':x', '$*', ''])('refuses to address %j', (name) => {
    expect(() => lines({ text: 'x' }, remoteChatId(name))).toThrow(BridgeError);
  });

  it('fills a line up to the last byte that the server passes on', () => {
    const [first = ''] = lines({ text: 'x'.repeat(1_000) });
    const asOthersSeeIt = `:${'n'.repeat(9)}!~ann@h.test PRIVMSG #a :${first.slice('PRIVMSG #a '.length)}\r\n`;
    expect(Buffer.byteLength(asOthersSeeIt)).toBe(512);
  });

  it('counts what marks a deed', () => {
    const [first = ''] = lines({ text: 'x'.repeat(1_000), as: 'emote' });
    const asOthersSeeIt = `:${'n'.repeat(9)}!~ann@h.test ${first}\r\n`;
    expect(Buffer.byteLength(asOthersSeeIt)).toBe(512);
  });

  it('expects the longest name that the server may give us while it is not known', () => {
    const [first = ''] = messageLines({ chat, body: { text: 'x'.repeat(1_000) } }, { features });
    const asOthersSeeIt = `:${'n'.repeat(9)}!~${'u'.repeat(10)}@${'h'.repeat(20)} PRIVMSG #a :${first.slice('PRIVMSG #a '.length)}\r\n`;
    expect(Buffer.byteLength(asOthersSeeIt)).toBe(512);
  });

  it('puts no byte of a text where it could be read as a command, loses none and cuts none off', () => {
    const texts = fc.string({ unit: anyCharacter, maxLength: 2_000 });
    const kinds = fc.constantFrom(undefined, 'emote', 'notice');
    fc.assert(
      fc.property(texts, kinds, (text, as) => {
        const made = lines({ text, ...(as && { as }) } as MessageBody);
        for (const line of made) {
          expect(line).toMatch(/^(?:PRIVMSG|NOTICE) #a /);
          expect(line).not.toMatch(/[\r\n\0]/);
          expect(Buffer.byteLength(`:${'n'.repeat(9)}!~ann@h.test ${line}\r\n`)).toBeLessThan(513);
        }
        const words = made.map((line) => line.replace(/^\S+ #a :?/, '').replaceAll('\x01', ''));
        const said = words.map((word) => (as === 'emote' ? word.slice('ACTION '.length) : word));
        expect(letters(said)).toBe(letters(rawLines(text)));
      }),
      // People type codes, too: the digit is part of one.
      { examples: [['\x030', undefined]] },
    );
  });
});

/** Without what may be left out: looks, spaces, control characters and the colon of the protocol. */
const letters = (lines: readonly string[]) =>
  lines
    .map(withoutLooks)
    .join('')
    .replace(/[\p{Cc}\s:]/gu, '');

describe('memberLines', () => {
  const bob = { chat, who: remoteUserId('bob'), kind: 'member' as const };
  const speaker = { userId: '@ann:x', displayName: 'Ann' };

  it('kicks with a reason on one line', () => {
    const action = { ...bob, speaker, is: 'out' as const, reason: 'go\r\nQUIT\0' };
    expect(memberLines(action, features, true)).toEqual(['KICK #a bob :go QUIT']);
  });

  it('bans, then kicks', () => {
    const action = { ...bob, speaker, is: 'banned' as const };
    expect(memberLines(action, features, true)).toEqual(['MODE #a +b bob!*@*', 'KICK #a bob bob']);
    expect(memberLines(action, features, false)).toEqual(['KICK #a bob bob']);
    const lifted = { ...bob, speaker, is: 'unbanned' as const };
    expect(memberLines(lifted, features, true)).toEqual(['MODE #a -b bob!*@*']);
    expect(memberLines(lifted, features, false)).toEqual([]);
  });

  it('invites', () => {
    expect(memberLines({ ...bob, speaker, is: 'invited' }, features, true)).toEqual([
      'INVITE bob #a',
    ]);
  });

  it('cannot make somebody join', () => {
    expect(() => memberLines({ ...bob, speaker, is: 'in' }, features, true)).toThrow(BridgeError);
  });

  it('refuses a name that is two', () => {
    const action = { ...bob, who: remoteUserId('bob,eve'), speaker, is: 'out' as const };
    expect(() => memberLines(action, features, true)).toThrow(BridgeError);
  });
});

describe('typingLine', () => {
  it('says who types, and who no longer does', () => {
    expect(typingLine('#a', true)).toBe('@+typing=active TAGMSG #a');
    expect(typingLine('#a', false)).toBe('@+typing=done TAGMSG #a');
  });
});
