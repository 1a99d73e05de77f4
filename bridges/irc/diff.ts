/** Both sides of a change that is short enough to be told as one. */
const MOST_CHARACTERS = 60;

/**
 * A change of a few words as people write it on IRC: `s/old/new/`. `undefined`: the new text says it
 * better, as it is short itself, or because what changed is much, stands in several places or is not alone.
 */
export function shortChange(before: string, after: string): string | undefined {
  if (before === after || /[\n/]/.test(before + after)) return undefined;
  const [old, now] = changed(before.split(' '), after.split(' '));
  const change = `s/${old}/${now}/`;
  const isClear = old !== '' && before.split(old).length === 2;
  const isShort = change.length <= MOST_CHARACTERS && 2 * change.length <= after.length;
  return isClear && isShort ? change : undefined;
}

/** The words between those that both begin with and those that both end with. An insertion has the word before it. */
function changed(before: readonly string[], after: readonly string[]): readonly [string, string] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  if (start > 0 && start + end === before.length) start--;
  const between = (words: readonly string[]) => words.slice(start, words.length - end).join(' ');
  return [between(before), between(after)];
}
