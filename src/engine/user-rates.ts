import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { seldom } from '../util/seldom.ts';
import { type TokenBucket, tokenBucket } from '../util/token-bucket.ts';
import type { NetworkOptions } from './options.ts';

const MOST_REMEMBERED = 10_000;
/** That somebody says too much is worth a line so often. */
const SAID_AGAIN_MS = 60_000;

type RatedNetwork = Pick<NetworkOptions, 'id' | 'userRate'>;

/** How much each Matrix user may say on each network. Kept in memory: a start begins anew. */
export class UserRates {
  readonly #clock: Clock;
  readonly #log: Log;
  #ofNetworks: ReadonlyMap<string, TokenBucket> = new Map();
  readonly #heldBackAtMs = new Map<string, number>();
  readonly #said = seldom({ everyMs: SAID_AGAIN_MS, mostKeys: MOST_REMEMBERED });

  constructor(of: {
    readonly networks: readonly RatedNetwork[];
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#clock = of.clock;
    this.#log = of.log;
    this.configure(of.networks);
  }

  /** Everybody begins anew with what they may say at once. */
  configure(networks: readonly RatedNetwork[]): void {
    this.#ofNetworks = new Map(
      networks.flatMap(({ id, userRate }) =>
        userRate ? [[id, tokenBucket({ ...userRate, maxKeys: MOST_REMEMBERED })]] : [],
      ),
    );
  }

  /** How many were held back on a network within the last minute. */
  countHeldBack(network: string): number {
    const sinceMs = this.#clock.now() - SAID_AGAIN_MS;
    for (const [key, atMs] of this.#heldBackAtMs)
      if (atMs <= sinceMs) this.#heldBackAtMs.delete(key);
    return [...this.#heldBackAtMs.keys()].filter((key) => key.startsWith(`${network} `)).length;
  }

  /** Whether somebody was held back within the last minute. */
  isHeldBack(network: string, user: MatrixUserId): boolean {
    const atMs = this.#heldBackAtMs.get(`${network} ${user}`);
    return atMs !== undefined && atMs > this.#clock.now() - SAID_AGAIN_MS;
  }

  /** 0: they say one more thing. Otherwise how long it must wait; to ask costs nothing then. */
  take(network: string, user: MatrixUserId): number {
    const nowMs = this.#clock.now();
    const waitMs = this.#ofNetworks.get(network)?.take(user, nowMs) ?? 0;
    if (waitMs === 0) return 0;
    const key = `${network} ${user}`;
    if (this.#heldBackAtMs.size >= MOST_REMEMBERED) this.#heldBackAtMs.clear();
    this.#heldBackAtMs.set(key, nowMs);
    if (this.#said.isDue(key, nowMs))
      this.#log('warn', 'Somebody says more than they may; it waits', { network, user });
    return waitMs;
  }
}
