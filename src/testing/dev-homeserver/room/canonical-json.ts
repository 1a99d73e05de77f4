import { badJson, refused } from '../fault.ts';

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Keys sorted, no spaces, whole numbers only: what an event is hashed and measured as.
 *
 * @throws {Fault} 400 for a number that is not whole or not safe, 500 for half a surrogate pair, as
 * Synapse does.
 * @see https://spec.matrix.org/v1.15/appendices/#canonical-json
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return whole(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw badJson(`Bad JSON value: ${typeof value}`);
  const fields = Object.entries(value).filter(([, of]) => of !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, of]) => `${text(key)}:${canonicalJson(of)}`).join(',')}}`;
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw refused('Internal server error', 500);
  return JSON.stringify(value);
}

function whole(value: number): string {
  if (!Number.isInteger(value)) throw badJson('Bad JSON value: float');
  if (!Number.isSafeInteger(value)) throw badJson('JSON integer out of range');
  return String(value);
}

export const sameJson = (a: unknown, b: unknown) => canonicalJson(a) === canonicalJson(b);
