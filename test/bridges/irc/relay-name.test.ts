import { describe, expect, it } from 'vitest';
import { readFormatting } from '../../../bridges/irc/format.ts';
import { irc } from '../../../bridges/irc/index.ts';
import { messageLines } from '../../../bridges/irc/message-lines.ts';
import { relayName } from '../../../bridges/irc/relay-name.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';
import { remoteChatId } from '../../../src/adapter/index.ts';

const chat = remoteChatId('#a');
const self = { features: new Features() };
const ann = { userId: '@ann:hs.test', displayName: 'Ann' };
const nameFor = (options: object, speaker = ann, isEmote = false) =>
  relayName(irc.config.parse({ host: 'irc.test', ...options }), speaker, isEmote);

describe('relayName', () => {
  it('says who speaks, as the operator wants it', () => {
    expect(nameFor({})).toBe('<Ann> ');
    expect(nameFor({ relayName: '[{localpart}/{userId}]' })).toBe('[ann/@ann:hs.test] ');
    expect(nameFor({}, ann, true)).toBe('* Ann ');
  });

  it('calls nobody of the same nick, if that is wanted', () => {
    expect(nameFor({ relayHidesPings: true })).toBe('<A\u200bnn> ');
    expect(nameFor({ relayHidesPings: true }, ann, true)).toBe('* A\u200bnn ');
    const family = { ...ann, displayName: '👩‍👩‍👧x' };
    expect(nameFor({ relayHidesPings: true }, family)).toBe('<👩‍👩‍👧\u200bx> ');
  });

  it('has a colour, the same for the same person, if that is wanted', () => {
    const named = nameFor({ relayColours: true });
    expect(named.replace(/\d\d/, 'NN')).toBe('<\x03NN\x02\x02Ann\x0f> ');
    expect(nameFor({ relayColours: true }, { ...ann, displayName: 'Anna' })).toBe(
      named.replace('Ann', 'Anna'),
    );
    expect(nameFor({ relayColours: true }, { ...ann, userId: '@bob:hs.test' })).not.toBe(named);
    const [line = ''] = messageLines({ chat, body: { text: 'hi' } }, self, { name: named });
    expect(readFormatting(line.slice('PRIVMSG #a :'.length)).text).toBe('<Ann> hi');
    expect(
      messageLines({ chat, body: { text: 'hi' } }, self, { name: named, formatting: 'none' }),
    ).toEqual(['PRIVMSG #a :<Ann> hi']);
  });

  it('is one line, with room for words, and never nothing', () => {
    expect(nameFor({}, { ...ann, displayName: ' A\r\n\0 nn\x01 ' })).toBe('<A nn> ');
    expect(nameFor({}, { ...ann, displayName: '\n' })).toBe('<ann> ');
    expect(Buffer.byteLength(nameFor({}, { ...ann, displayName: '漢'.repeat(300) }))).toBeLessThan(
      110,
    );
    expect(nameFor({ relayName: '{displayName}' }, { ...ann, displayName: '{userId}' })).toBe(
      '{userId} ',
    );
  });

  it.each([{ relayName: 'somebody' }, { relayName: '{displayName}\n' }])(
    'is not to be %j',
    (options) => {
      expect(() => nameFor(options)).toThrow();
    },
  );
});
