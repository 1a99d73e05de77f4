import { field } from '../../util/fields.ts';

/** Rooms before version 10 may have a number written as a text. */
export function level(from: unknown, key: string): number | undefined {
  const value = field(from, key);
  if (typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
