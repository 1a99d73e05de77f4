import { type RemoteEvent, remoteChatId, remoteMessageId } from '../../../../src/adapter/index.ts';
import { type Broken, beginningAt, changed, eachEvent, emitting, without } from './breaking.ts';

/** Adapters that break what is promised of listening. */
export const brokenListening: readonly Broken[] = [
  {
    name: 'emits the first last',
    promise: 'emits what others say',
    adapter: emitting((emit) => {
      let held: Parameters<typeof emit> | undefined;
      return async (...given) => {
        if (Array.isArray(given[0]) && given[0].length === 0) return emit(...given);
        const [first, isFirst] = [held, held === undefined];
        held ??= given;
        // The place goes on as if nothing were held back.
        if (isFirst) return emit([], given[1]);
        await emit(...given);
        if (first) await emit(first[0]);
        held = [[]];
      };
    }),
  },
  {
    name: 'puts it into another chat',
    promise: 'emits what others say',
    adapter: eachEvent((event) => ({ ...event, chat: remoteChatId('elsewhere') })),
  },
  {
    name: 'makes up a time long after',
    promise: 'emits what others say',
    adapter: eachEvent((event) => ({ ...event, sentAtMs: event.sentAtMs * 1000 })),
  },
  {
    name: 'tells the time in seconds',
    promise: 'emits what others say',
    adapter: eachEvent((event) => ({ ...event, sentAtMs: event.sentAtMs / 1000 })),
  },
  {
    name: 'gives every message the same id',
    promise: 'emits what others say',
    adapter: eachEvent((event) => ({ ...event, id: remoteMessageId('m') }) as RemoteEvent),
  },
  {
    name: 'emits its own words as news',
    promise: 'emits its own words',
    certainty: 'echoes',
    adapter: eachEvent((event) => without(event, 'echoOf')),
  },
  {
    name: 'makes up keys for its own words',
    promise: 'emits its own words',
    certainty: 'echoes',
    adapter: eachEvent((event) =>
      'echoOf' in event ? ({ ...event, echoOf: 'made-up' } as RemoteEvent) : event,
    ),
  },
  {
    name: 'goes on listening after `close`',
    promise: 'emits nothing after `close`',
    adapter: changed(
      (host) => host,
      (network) => ({ ...network, close: async () => {} }),
    ),
  },
  {
    name: 'begins at the end at each start',
    promise: 'emits after the next start',
    adapter: beginningAt(undefined, 1),
  },
  {
    name: 'begins at the beginning at each start, without keys',
    promise: 'emits after the next start',
    adapter: beginningAt('0', 2, (event) => without(event, 'key')),
  },
  {
    name: 'goes on when nothing can be stored',
    promise: 'acknowledges nothing that could not be stored',
    adapter: emitting((emit) => (events, save) => emit(events, save).catch(() => {})),
  },
  {
    name: 'stores its place before the events',
    promise: 'acknowledges nothing that could not be stored',
    adapter: emitting((emit) => async (events, save) => {
      await emit([], save);
      await emit(events);
    }),
  },
  {
    name: 'gives an event another key each time',
    promise: 'acknowledges nothing that could not be stored',
    adapter: eachEvent((event) => ({ ...event, key: crypto.randomUUID() })),
  },
  {
    name: 'takes `stale` for broken storage',
    promise: 'reads its state anew',
    adapter: emitting(
      (emit) => (events, save) =>
        emit(events, save).catch((error) => {
          throw new Error('stopped', { cause: error });
        }),
    ),
  },
  {
    name: 'skips what was refused as `stale`',
    promise: 'reads its state anew',
    adapter: emitting((emit) => (events, save) => emit(events, save).catch(() => emit([], save))),
  },
  {
    name: 'does not connect again',
    promise: 'connects again',
    adapter: changed((host) => {
      const stopping = new AbortController();
      const signal = AbortSignal.any([host.signal, stopping.signal]);
      return {
        ...host,
        signal,
        report: (standing, voice) => {
          host.report(standing, voice);
          if (standing.is === 'failed') stopping.abort();
        },
      };
    }),
  },
  {
    name: 'tells nobody that it is cut off',
    promise: 'connects again',
    adapter: changed((host) => ({ ...host, report: () => {} })),
  },
  {
    name: 'says that it is back, and never that it was gone',
    promise: 'connects again',
    adapter: changed((host) => ({
      ...host,
      report: (standing, voice) => {
        if (standing.is === 'ready') host.report(standing, voice);
      },
    })),
  },
];
