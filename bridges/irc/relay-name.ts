import type { Speaker } from '#adapter';
import { APART } from './codes.ts';
import type { IrcConfig } from './config.ts';
import { fill, localpart } from './identity.ts';
import { RESET } from './looks.ts';
import { splitText } from './wire/split.ts';

/** So that there is room for words on a line. */
const LONGEST_BYTES = 100;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Is seen by nobody, and makes another word of a word. */
const ZERO_WIDTH_SPACE = '\u200b';

/** What the bot puts before the words of whoever it speaks for. */
export function relayName(
  config: Pick<IrcConfig, 'relayName' | 'relayHidesPings' | 'relayColours'>,
  speaker: Speaker,
  isEmote: boolean,
): string {
  const { relayName: template, relayHidesPings, relayColours } = config;
  const quiet = (name: string) => (relayHidesPings ? pingless(name) : name);
  const shown = (name: string) =>
    relayColours ? coloured(quiet(name), speaker.userId) : quiet(name);
  const displayName = shown(oneLine(speaker.displayName) || localpart(speaker));
  if (isEmote) return `* ${displayName} `;
  const { userId } = speaker;
  return `${fill(template, { displayName, localpart: shown(localpart(speaker)), userId: shown(userId) })} `;
}

/** Of the colours with a number, those that can be read on black and on white. */
const COLOURS = ['02', '03', '04', '05', '06', '07', '10', '12', '13'];

/** Everybody has a colour, always the same. The codes after it keep a name of digits and commas out of it. */
function coloured(name: string, userId: string): string {
  const sum = [...userId].reduce((total, char) => total + (char.codePointAt(0) ?? 0), 0);
  return `\x03${COLOURS[sum % COLOURS.length]}${APART}${name}${RESET}`;
}

/** Nobody's client takes it for its own nick. */
function pingless(name: string): string {
  const [first] = graphemes.segment(name);
  const length = first?.segment.length ?? 0;
  return name.slice(0, length) + ZERO_WIDTH_SPACE + name.slice(length);
}

function oneLine(name: string): string {
  const clean = name.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return splitText(clean, LONGEST_BYTES)[0]?.trim() ?? '';
}
