import { Readable } from 'node:stream';
import {
  type AdapterState,
  BridgeError,
  type ChatView,
  type Host,
  type MediaRef,
  type RemoteEvent,
  type RemoteHint,
  type RemoteUserId,
  type Standing,
  type StateChange,
  type Voice,
  type VoiceId,
} from '../adapter/index.ts';

/** What outlives an open network, as the disk would: pass it to the next host to open it anew. */
export interface MemoryDisk {
  readonly values: Map<string, Uint8Array>;
  /** Every event that was accepted, in order, those delivered again left out. */
  readonly events: RemoteEvent[];
}

export const memoryDisk = (): MemoryDisk => ({ values: new Map(), events: [] });

export interface MemoryHostOptions<Config> {
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly disk?: MemoryDisk;
  /** See `Host.publicUrl`. */
  readonly publicUrl?: string;
  /** Files that `openMedia` finds. */
  readonly media?: ReadonlyMap<MediaRef, Uint8Array>;
}

/** The core's side of the adapter API, in memory, and what a test may see and do of it. */
export interface MemoryHost<Config> {
  readonly host: Host<Config>;
  /** What the core would have on disk. */
  readonly emitted: readonly RemoteEvent[];
  /** Each call of `emit` that came, accepted or not. */
  readonly attempts: readonly (readonly RemoteEvent[])[];
  readonly hints: readonly RemoteHint[];
  readonly changes: readonly ({ readonly user: RemoteUserId } | ChatView)[];
  readonly standings: readonly { readonly standing: Standing; readonly voice?: VoiceId }[];
  readonly log: readonly { readonly level: string; readonly message: string }[];
  /** One commit, as the core's: all of it, or `stale` and nothing. */
  commit(changes?: readonly StateChange[]): Promise<void>;
  /** A voice that the core took out, or would. */
  voice(id: string, kind: Voice['kind'], displayName?: string): Voice;
  readonly disk: MemoryDisk;
  /** The next call of `emit` that carries an event is refused as `stale`, if it has a `from` to be so. */
  makeStale(): void;
  /** From here on each call of `emit` that carries an event rejects with this. */
  breakStorage(error: Error): void;
}

/** What the core gives to an adapter, in memory: writes down what is emitted, refuses what is stale. */
export function memoryHost<Config>(options: MemoryHostOptions<Config>): MemoryHost<Config> {
  const { config, signal, disk = memoryDisk(), media = new Map(), publicUrl } = options;
  const { values, events: emitted } = disk;
  const voices = new Map<VoiceId, Voice>();
  const attempts: RemoteEvent[][] = [];
  const hints: RemoteHint[] = [];
  const changes: ({ readonly user: RemoteUserId } | ChatView)[] = [];
  const standings: { standing: Standing; voice?: VoiceId }[] = [];
  const log: { level: string; message: string }[] = [];
  const faults: { broken?: Error; isStale?: boolean } = {};

  const state = (voice?: VoiceId) => stateIn(values, commit, voice);

  async function commit(wanted: readonly StateChange[] = []): Promise<void> {
    const holds = ({ key, voice, from }: StateChange) =>
      from === undefined || same(values.get(place(key, voice)) ?? null, from);
    if (!wanted.every(holds))
      throw new BridgeError('stale', 'changed in the meantime', { effect: 'none' });
    for (const { key, voice, value } of wanted)
      if (value === null) values.delete(place(key, voice));
      else values.set(place(key, voice), value.slice());
  }

  const host: Host<Config> = {
    config,
    signal,
    ...(publicUrl !== undefined && { publicUrl }),
    state: state(),
    log: (level, message) => void log.push({ level, message }),
    emit: async (events, save) => {
      const given = [events].flat();
      attempts.push(given);
      if (given.length > 0) mayFail(faults, save);
      await commit(save);
      for (const event of given) if (!isKnown(emitted, event)) emitted.push(event);
    },
    hint: (hint) => void hints.push(hint),
    changed: (what) => void changes.push(what),
    report: (standing, voice) => void standings.push({ standing, ...(voice && { voice }) }),
    voice: async (id) => voices.get(id),
    openMedia: async (ref) => opened(media.get(ref), ref),
  };

  return {
    host,
    emitted,
    attempts,
    hints,
    changes,
    standings,
    log,
    disk,
    commit,
    voice(id, kind, displayName = id) {
      const speaker = { userId: `@${id}:example.org`, displayName };
      const whose = kind === 'relay' ? {} : { speaker };
      const made: Voice = { id: id as VoiceId, kind, ...whose, state: state(id as VoiceId) };
      voices.set(made.id, made);
      return made;
    },
    makeStale: () => {
      faults.isStale = true;
    },
    breakStorage: (error) => {
      faults.broken = error;
    },
  };
}

function stateIn(
  values: ReadonlyMap<string, Uint8Array>,
  save: AdapterState['save'],
  voice?: VoiceId,
): AdapterState {
  return {
    get: async (key) => values.get(place(key, voice))?.slice(),
    async *list(prefix) {
      const start = place(prefix, voice);
      const found = [...values].filter(([at]) => at.startsWith(start));
      for (const [at, value] of found.sort(([a], [b]) => Buffer.compare(bytes(a), bytes(b))))
        yield [at.slice(place('', voice).length), value.slice()];
    },
    change: (key, value, from) => ({
      key,
      value,
      ...(from !== undefined && { from }),
      ...(voice && { voice }),
    }),
    save,
  };
}

function mayFail(
  faults: { broken?: Error; isStale?: boolean },
  save: readonly StateChange[] = [],
): void {
  if (faults.broken) throw faults.broken;
  if (!faults.isStale || save.every(({ from }) => from === undefined)) return;
  faults.isStale = false;
  throw new BridgeError('stale', 'changed in the meantime', { effect: 'none' });
}

/** As the core's journal has it: a key counts once in each view of a chat. */
function isKnown(known: readonly RemoteEvent[], { key, chat, receiver }: RemoteEvent): boolean {
  return (
    key !== undefined &&
    known.some((one) => one.key === key && one.chat === chat && one.receiver === receiver)
  );
}

const place = (key: string, voice?: VoiceId) => JSON.stringify([voice ?? null]) + key;

const bytes = (text: string) => Buffer.from(text);

const same = (a: Uint8Array | null, b: Uint8Array | null) =>
  a === b || (a !== null && b !== null && Buffer.compare(a, b) === 0);

function opened(file: Uint8Array | undefined, ref: MediaRef): AsyncIterable<Uint8Array> {
  if (!file) throw new BridgeError('protocol', `there is no file ${ref}`, { effect: 'none' });
  return Readable.from([file]);
}
