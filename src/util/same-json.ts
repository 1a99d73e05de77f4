/** Whether two values are the same JSON, whatever the order of their keys. For small values: it recurses. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = entries(a);
  const right = new Map(entries(b));
  return (
    left.length === right.size &&
    left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)))
  );
}

/** What JSON has of an object: `undefined` is not in it. */
const entries = (value: object): [string, unknown][] =>
  Object.entries(value).filter(([, child]) => child !== undefined);
