import type { Features } from './wire/isupport.ts';

/** One letter of a MODE line, with what it is about. */
export interface ModeChange {
  readonly isSet: boolean;
  readonly letter: string;
  readonly about?: string;
}

/**
 * Takes the words of a MODE apart, as the server says which letters have a parameter.
 *
 * A letter that it did not tell of may have one or not: nothing after it is believed, as that would be
 * about somebody else.
 *
 * @see https://modern.ircdocs.horse/#chanmodes-parameter
 */
export function modeChanges(words: readonly string[], features: Features): readonly ModeChange[] {
  const [letters = '', ...rest] = words;
  const changes: ModeChange[] = [];
  let isSet = true;
  for (const letter of letters) {
    if (letter === '+' || letter === '-') {
      isSet = letter === '+';
      continue;
    }
    const has = parameterOf(letter, isSet, features);
    if (has === undefined) break;
    const about = has ? rest.shift() : undefined;
    if (has && about === undefined) continue;
    changes.push({ isSet, letter, ...(about !== undefined && { about }) });
  }
  return changes;
}

/** `undefined`: the server does not tell. */
function parameterOf(letter: string, isSet: boolean, features: Features): boolean | undefined {
  const { lists, always, whenSet, never } = features.channelModes;
  if (lists.includes(letter) || always.includes(letter)) return true;
  if (features.prefixModes.includes(letter)) return true;
  if (whenSet.includes(letter)) return isSet;
  return never.includes(letter) ? false : undefined;
}
