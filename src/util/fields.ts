/** Careful reading of JSON from outside: what is not as it should be is `undefined`, never a throw. */
export type Json = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An own field: `__proto__` and the like are not found by accident. */
export const field = (from: unknown, name: string): unknown =>
  isObject(from) && Object.hasOwn(from, name) ? from[name] : undefined;

export function text(from: unknown, name: string): string | undefined {
  const value = field(from, name);
  return typeof value === 'string' ? value : undefined;
}

/** An empty object where there is none. */
export function object(from: unknown, name: string): Json {
  const value = field(from, name);
  return isObject(value) ? value : {};
}

/** A whole number from 0. */
export function count(from: unknown, name: string): number | undefined {
  const value = field(from, name);
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

/** An empty list where there is none. */
export function list(from: unknown, name: string): readonly unknown[] {
  const value = field(from, name);
  return Array.isArray(value) ? value : [];
}
