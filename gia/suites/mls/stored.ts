import { decode, encode } from 'cborg';
import { type ClientState, decodeGroupState, encodeGroupState } from 'ts-mls';
import { BadWire } from '../refusal.ts';
import type { Group, Life } from '../suite.ts';
import { clientConfig } from './library.ts';

/** The format of what is stored. Another one needs a way from this one. */
const VERSION = 1;

/** What a device knows of a group: where the hub has it, and where it goes if the hub takes one's own changes. */
export interface Stored extends Standing {
  /** One's own changes, the oldest first, each with the group after it. In the last of them is written. */
  readonly unsettled: readonly Unsettled[];
}

interface Standing {
  readonly state: ClientState;
  /** In which this device made secrets that all of the group's now descend from. Empty: in none, as of somebody who joined. */
  readonly life: Life;
}

interface Unsettled extends Standing {
  /** What was sent, to be recognised. */
  readonly commit: Uint8Array;
}

export function freeze(stored: Stored): Group {
  const changes = stored.unsettled.map((it) => [...standing(it), plain(it.commit)]);
  return new Uint8Array(encode([VERSION, ...standing(stored), changes]));
}

const standing = ({ life, state }: Standing) => [plain(life), encodeGroupState(state)];

/** @throws BadWire `bad_state` */
export function thaw(group: Group): Stored {
  try {
    const [version, life, state, unsettled] = decode(group);
    if (version !== VERSION) throw new BadWire('bad_state', `it is of format ${version}`);
    return {
      ...{ life, state: stateIn(state) },
      unsettled: unsettled.map(
        ([then, after, commit]: readonly [Life, Uint8Array, Uint8Array]) => ({
          ...{ life: then, state: stateIn(after), commit },
        }),
      ),
    };
  } catch (cause) {
    if (cause instanceof BadWire) throw cause;
    throw new BadWire('bad_state', 'what was stored is not a group', { cause });
  }
}

function stateIn(bytes: Uint8Array): ClientState {
  const [state, end] = decodeGroupState(bytes, 0) ?? [];
  if (!state || end !== bytes.length) throw new BadWire('bad_state', 'a part of it is missing');
  return { ...state, clientConfig };
}

/** Where the next message or change is made. */
export const newest = (stored: Stored): Standing => stored.unsettled.at(-1) ?? stored;

/** The same with another newest state. */
export function withNewest(stored: Stored, state: ClientState): Stored {
  const last = stored.unsettled.at(-1);
  if (!last) return { ...stored, state };
  return { ...stored, unsettled: [...stored.unsettled.slice(0, -1), { ...last, state }] };
}

/** The library's encoder takes no subclass, and what comes from a store is mostly a `Buffer`. */
const plain = (bytes: Uint8Array) => new Uint8Array(bytes);
