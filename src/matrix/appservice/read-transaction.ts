import { field, isObject, list } from '../../util/fields.ts';
import { cutDeeperThan, nestingDepth } from '../../util/nesting.ts';

/** A recursive function can walk this deep without trouble; no event that means anything is deeper. */
const MAX_DEPTH = 200;

/**
 * An event of 64 KiB cannot be nested deeper. What is deeper was not made by a homeserver, and is
 * not worth the memory of parsing it.
 */
const MAX_PARSED_DEPTH = 64 * 1024;

export type ReadTransaction =
  | {
      readonly events: readonly unknown[];
      readonly ephemeral: readonly unknown[];
      /** Something in it was nested so deeply that its innermost part was left out. */
      readonly isCut: boolean;
    }
  | { readonly unreadable: string };

/**
 * Reads the body of a transaction.
 *
 * One event that is nested too deeply loses its innermost part and is no reason to refuse the others:
 * anybody in a room can send one.
 *
 * A homeserver that knows only the older name of a key sends that; others send both, with the same
 * in them, so exactly one is read.
 */
export function readTransaction(bytes: Uint8Array): ReadTransaction {
  const depth = nestingDepth(bytes);
  if (depth > MAX_PARSED_DEPTH) return { unreadable: `nested ${depth} levels deep` };

  const body = parsed(bytes);
  if ('unreadable' in body) return body;
  if (!isObject(body.value)) return { unreadable: 'not a JSON object' };
  const events = field(body.value, 'events');
  if (!Array.isArray(events)) return { unreadable: '"events" is not a list' };

  const isCut = depth > MAX_DEPTH && cutDeeperThan(body.value, MAX_DEPTH);
  const key = Object.hasOwn(body.value, 'ephemeral')
    ? 'ephemeral'
    : 'de.sorunome.msc2409.ephemeral';
  return { events, ephemeral: list(body.value, key), isCut };
}

function parsed(bytes: Uint8Array): { value: unknown } | { unreadable: string } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { value: JSON.parse(text) };
  } catch (error) {
    return { unreadable: error instanceof SyntaxError ? 'not JSON' : 'not UTF-8' };
  }
}
