import type { Speaker } from '#adapter';
import type { IrcConfig } from './config.ts';
import { fill, localpart } from './identity.ts';
import { splitText } from './wire/split.ts';

/** So that there is room for words on a line. */
const LONGEST_BYTES = 100;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Is seen by nobody, and makes another word of a word. */
const ZERO_WIDTH_SPACE = '\u200b';

/** What the bot puts before the words of whoever it speaks for. */
export function relayName(
  { relayName: template, relayHidesPings }: Pick<IrcConfig, 'relayName' | 'relayHidesPings'>,
  speaker: Speaker,
  isEmote: boolean,
): string {
  const shown = (name: string) => (relayHidesPings ? pingless(name) : name);
  const displayName = shown(oneLine(speaker.displayName) || localpart(speaker));
  if (isEmote) return `* ${displayName} `;
  const { userId } = speaker;
  return `${fill(template, { displayName, localpart: shown(localpart(speaker)), userId: shown(userId) })} `;
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
