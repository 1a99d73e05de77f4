import { loopback } from '../../../../bridges/loopback/index.ts';
import {
  BridgeError,
  type Handler,
  type Host,
  type Network,
  type NetworkAdapter,
  type RemoteEvent,
  remoteChatId,
  remoteMessageId,
  type Sent,
} from '../../../../src/adapter/index.ts';
import type { LoopbackCertainty } from '../../../../src/testing/loopback-network/index.ts';

/** An adapter with one fault, and the promise that it must be caught by. */
export interface Broken {
  readonly name: string;
  readonly promise: string;
  readonly certainty?: LoopbackCertainty;
  readonly fault?: string;
  /** How it shows, where it is not a comparison of the contract's own that fails. */
  readonly by?: string;
  readonly adapter: NetworkAdapter;
}

type Message = Handler<'message'>;
type AnyHost = Host<never>;

/** The reference adapter with another host under it, or another network over it. */
const changed = (
  under: (host: AnyHost) => AnyHost,
  over: (network: Network, host: AnyHost) => Network = (network) => network,
): NetworkAdapter => ({
  ...(loopback as NetworkAdapter),
  open: async (host) =>
    over(await (loopback as NetworkAdapter).open(under(host as AnyHost)), host as AnyHost),
});

const message = (change: (handler: Message, host: AnyHost) => Partial<Message>): NetworkAdapter =>
  changed(
    (host) => host,
    (network, host) => ({
      ...network,
      async session(voice, signal) {
        const session = await network.session(voice, signal);
        const { message: whole } = session.on;
        return { ...session, on: { ...session.on, message: { ...whole, ...change(whole, host) } } };
      },
    }),
  );

const emitting = (
  change: (emit: AnyHost['emit']) => (...given: Parameters<AnyHost['emit']>) => Promise<void>,
): NetworkAdapter => changed((host) => ({ ...host, emit: change(host.emit) }));

const eachEvent = (change: (event: RemoteEvent) => RemoteEvent): NetworkAdapter =>
  emitting((emit) => (events, save) => emit([events].flat().map(change), save));

const never = new AbortController().signal;
const soon = (work: () => unknown) => void setTimeout(work, 30);
const without = (event: RemoteEvent, field: string): RemoteEvent =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== field)) as never;

/** A start that has forgotten where it was, or made it up for the first `reads`. */
const beginningAt = (
  cursor: string | undefined,
  reads: number,
  change = (event: RemoteEvent) => event,
) =>
  changed((host) => {
    let left = reads;
    const get: AnyHost['state']['get'] = async (key) => {
      if (key !== 'cursor' || left === 0) return host.state.get(key);
      left -= 1;
      return cursor === undefined ? undefined : Buffer.from(cursor);
    };
    const save: AnyHost['state']['save'] = (changes) =>
      host.state.save(changes.map((one) => without(one as never, 'from') as never));
    const emit: AnyHost['emit'] = (events, more = []) =>
      host.emit(
        [events].flat().map(change),
        more.map((one) => without(one as never, 'from') as never),
      );
    return { ...host, emit, state: { ...host.state, get, save } };
  });

export const broken: readonly Broken[] = [
  {
    name: 'resolves before it has sent',
    promise: 'has sent when',
    adapter: message(({ send }) => ({
      async send(part, signal) {
        soon(() => send(part, signal).catch(() => {}));
        return { ids: [] };
      },
    })),
  },
  {
    name: 'sends the newest first',
    promise: 'keeps the order',
    adapter: message(({ send }) => {
      const held: Parameters<Message['send']>[] = [];
      return {
        async send(...given) {
          held.unshift(given);
          for (const one of held.length === 3 ? held : []) await send(...one);
          return { ids: [] };
        },
      };
    }),
  },
  {
    name: 'claims that the network drops repeats',
    promise: 'drops a repeat',
    certainty: 'nothing',
    adapter: message(() => ({ dropsRepeats: true })),
  },
  {
    name: 'hides that it sends a repeat',
    promise: 'drops a repeat',
    certainty: 'nothing',
    adapter: message(({ send }) => {
      const known = new Map<string, Sent>();
      return {
        dropsRepeats: true,
        async send(part, signal) {
          const sent = await send(part, signal);
          known.set(part.key, known.get(part.key) ?? sent);
          return known.get(part.key) ?? sent;
        },
      };
    }),
  },
  {
    name: 'makes up an id for a repeat',
    promise: 'drops a repeat',
    adapter: message(({ send }) => {
      const known = new Set<string>();
      return {
        async send(part, signal) {
          const sent = await send(part, signal);
          const isKnown = known.has(part.key);
          known.add(part.key);
          return isKnown ? { ids: [remoteMessageId('made-up')] } : sent;
        },
      };
    }),
  },
  {
    name: 'finds what was never sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({ lookup: async () => ({ ids: [remoteMessageId('m1')] }) })),
  },
  {
    name: 'finds another message than was sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({
      lookup: async ({ action }) =>
        action.body.text === 'sent' ? { ids: [remoteMessageId('m0')] } : 'absent',
    })),
  },
  {
    name: 'says absent of what was sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({ lookup: async () => 'absent' })),
  },
  {
    name: 'shows the message while it encodes it',
    promise: 'cuts an action into the same parts',
    adapter: message(({ send }) => ({
      async encode(action, signal) {
        await send({ action, key: 'early', firstTriedAtMs: 0 }, signal);
        return { parts: [Buffer.from(action.body.text)] };
      },
    })),
  },
  {
    name: 'cuts differently each time',
    promise: 'cuts an action into the same parts',
    adapter: message(() => {
      let parts = 0;
      return { encode: async () => ({ parts: Array(++parts).fill(Buffer.from('x')) }) };
    }),
  },
  {
    name: 'heeds no signal',
    promise: 'gives up with a BridgeError',
    adapter: message(({ send }) => ({ send: (part) => send(part, never) })),
  },
  {
    name: 'gives up, says that nothing was sent, and has sent it',
    promise: 'gives up with a BridgeError',
    adapter: message(({ send }) => ({
      async send(part) {
        await send(part, never);
        throw new BridgeError('unreachable', 'given up', { effect: 'none' });
      },
    })),
  },
  {
    name: 'rejects with an error that says nothing',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(() => {
          throw new TypeError('undefined is not a chat');
        }),
    })),
  },
  {
    name: 'says elsewhere what was for an unknown chat',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(async (error) => {
          await send({ ...part, action: { ...part.action, chat: remoteChatId('lobby') } }, signal);
          throw error;
        }),
    })),
  },
  {
    name: 'is dead after the first refusal',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    by: 'BridgeError',
    adapter: message(({ send }) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(part, signal) {
          const sent = last.then(() => send(part, signal));
          last = sent;
          return sent;
        },
      };
    }),
  },
  {
    name: 'emits the first last',
    promise: 'emits what others say',
    adapter: emitting((emit) => {
      let held: Parameters<typeof emit> | undefined;
      return async (...given) => {
        if (given[0] instanceof Array && given[0].length === 0) return emit(...given);
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
  {
    name: 'denies what was seen',
    promise: 'neither loses nor doubles',
    fault: 'the connection is lost after it happened',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(() => {
          throw new BridgeError('unreachable', 'lost', { effect: 'none' });
        }),
    })),
  },
  {
    name: 'says that all went well whatever happened',
    promise: 'neither loses nor doubles',
    fault: 'an error before it happens',
    adapter: message(({ send }) => ({
      send: (part, signal) => send(part, signal).catch(() => ({ ids: [] })),
    })),
  },
  {
    name: 'tries again by itself in a doubt',
    promise: 'neither loses nor doubles',
    certainty: 'nothing',
    fault: 'an error after it happened',
    adapter: message(({ send }) => ({
      send: (part, signal) => send(part, signal).catch(() => send(part, signal)),
    })),
  },
  {
    name: 'says absent before it has caught up',
    promise: 'neither loses nor doubles',
    certainty: 'echoes',
    fault: 'the connection is lost after it happened',
    adapter: changed(
      // The echo is held back, as when the stream lags.
      (host) => ({
        ...host,
        emit: async (events, save) => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          await host.emit(events, save);
        },
      }),
      (network) => ({
        ...network,
        async session(voice, signal) {
          const session = await network.session(voice, signal);
          const own = { ...session.on.message, lookup: async () => 'absent' as const };
          return { ...session, on: { ...session.on, message: own } };
        },
      }),
    ),
  },
];
