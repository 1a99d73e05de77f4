import { loopback } from '../../../../bridges/loopback/index.ts';
import type {
  Handler,
  Host,
  Network,
  NetworkAdapter,
  NetworkSession,
  RemoteEvent,
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

export type Message = Handler<'message'>;
type AnyHost = Host<never>;

/** The reference adapter with another host under it, or another network over it. */
export const changed = (
  under: (host: AnyHost) => AnyHost,
  over: (network: Network, host: AnyHost) => Network = (network) => network,
): NetworkAdapter => ({
  ...(loopback as NetworkAdapter),
  open: async (host) =>
    over(await (loopback as NetworkAdapter).open(under(host as AnyHost)), host as AnyHost),
});

export const session = (
  change: (session: NetworkSession, host: AnyHost) => Partial<NetworkSession>,
): NetworkAdapter =>
  changed(
    (host) => host,
    (network, host) => ({
      ...network,
      async session(voice, signal) {
        const opened = await network.session(voice, signal);
        return { ...opened, ...change(opened, host) };
      },
    }),
  );

export const message = (
  change: (handler: Message, host: AnyHost) => Partial<Message>,
): NetworkAdapter =>
  session(({ on }, host) => ({
    on: { ...on, message: { ...on.message, ...change(on.message, host) } },
  }));

export const emitting = (
  change: (emit: AnyHost['emit']) => (...given: Parameters<AnyHost['emit']>) => Promise<void>,
): NetworkAdapter => changed((host) => ({ ...host, emit: change(host.emit) }));

export const eachEvent = (change: (event: RemoteEvent) => RemoteEvent): NetworkAdapter =>
  emitting((emit) => (events, save) => emit([events].flat().map(change), save));

export const without = (event: RemoteEvent, field: string): RemoteEvent =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== field)) as never;

/** A start that has forgotten where it was, or made it up for the first `reads`. */
export const beginningAt = (
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
