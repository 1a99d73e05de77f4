/** What each byte does to the depth. */
const STEPS = new Int8Array(256);
for (const open of Buffer.from('{[')) STEPS[open] = 1;
for (const close of Buffer.from('}]')) STEPS[close] = -1;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How deep the brackets of a JSON text are nested. Reads it once and builds nothing. */
export function nestingDepth(json: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfString(json, at);
    depth += STEPS[byte] ?? 0;
    if (depth > deepest) deepest = depth;
  }
  return deepest;
}

/** Where the string ends that begins at `start`: at its closing quote, or with the text. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}

type Container = Record<string, unknown>;

const isContainer = (value: unknown): value is Container =>
  typeof value === 'object' && value !== null;

/**
 * Empties what is nested deeper than `maxDepth`, in place. Without recursion: it is for values that
 * a recursive function (`JSON.stringify` is one) would overflow the stack with.
 *
 * @returns whether anything was emptied.
 */
export function cutDeeperThan(value: unknown, maxDepth: number): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 1; depth < maxDepth; depth++)
    level = level.flatMap((container) => Object.values(container).filter(isContainer));
  return level.filter(emptied).length > 0;
}

function emptied(container: Container): boolean {
  const deeper = Object.keys(container).filter((key) => isContainer(container[key]));
  for (const key of deeper) container[key] = null;
  return deeper.length > 0;
}
