import { BridgeError } from '../adapter/errors.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Media } from '../model/message-body.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Networks } from './networks.ts';

/**
 * Brings a file of a network to the homeserver, streamed. @returns where it lies there. `undefined`: the network gives
 * out no files.
 *
 * Rejects with `BridgeError` where the network fails, and with `MatrixError` where the homeserver does.
 */
export type Files = (
  network: string,
  media: Media,
  as: MatrixUserId,
) => Promise<string | undefined>;

const DEADLINE_MS = 30 * 60_000;
/** A file that cannot be had for so long is given up, as its sender's words wait for it. */
const PATIENCE_MS = 10 * 60_000;
/** An attempt that broke off after its file was there needs it again, and so does a chat in two rooms. */
const MOST_REMEMBERED = 100;

export function createFiles({ clock, matrix }: Context, networks: Networks): Files {
  const stored = new Map<string, string>();
  const missedSince = new Map<string, number>();

  const store: Files = (network, { ref, mimeType }, as) => {
    const limits = { deadlineMs: DEADLINE_MS, effect: 'none' } as const;
    return withDeadline(clock, limits, async (signal) => {
      const bytes = await networks.get(network).openMedia?.(ref, signal);
      return bytes && matrix.upload(as, { bytes, mimeType });
    }).catch((error: unknown) => {
      throw error instanceof BridgeError && error.cause instanceof MatrixError
        ? error.cause
        : error;
    });
  };

  function patient(key: string, error: unknown): unknown {
    if (!(error instanceof BridgeError) || error.advice.retry === 'never') return error;
    const sinceMs = missedSince.get(key) ?? clock.now();
    remember(missedSince, key, sinceMs);
    if (clock.now() - sinceMs < PATIENCE_MS) return error;
    missedSince.delete(key);
    return new BridgeError('protocol', error.message, { effect: 'none', cause: error });
  }

  return async (network, media, as) => {
    const key = JSON.stringify([network, media.ref, as]);
    const known = stored.get(key);
    if (known !== undefined) return known;
    try {
      const url = await store(network, media, as);
      if (url !== undefined) remember(stored, key, url);
      missedSince.delete(key);
      return url;
    } catch (error) {
      throw patient(key, error);
    }
  };
}

function remember<T>(among: Map<string, T>, key: string, value: T): void {
  among.set(key, value);
  const [oldest = ''] = among.keys();
  if (among.size > MOST_REMEMBERED) among.delete(oldest);
}
