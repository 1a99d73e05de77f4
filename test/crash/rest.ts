import { setTimeout as wait } from 'node:timers/promises';
import type { Flight } from './flight.ts';
import type { Side, SideRecord } from './side.ts';
import type { Site } from './site.ts';

const quietForMs = 1500;
const stuckAfterMs = 12_000;
const quietWithinMs = 120_000;
const pollMs = 200;
/** Long enough that the bridge has tried both servers in vain. */
const aloneMs = 1000;

/**
 * Nobody talks any more, and all that is under way has to arrive: first in a bridge that starts
 * before its two servers do, then once more from a fresh start, where nothing may come again.
 *
 * @returns what went wrong with the bridge itself.
 */
export async function comeToRest(site: Site, flights: readonly Flight[]): Promise<string[]> {
  const troubles: string[] = [];
  const servers = [site.homeserver, site.network];
  await Promise.all(servers.map((server) => server.kill()));
  await site.bridge.start();
  await wait(aloneMs);
  await Promise.all(servers.map((server) => server.start()));
  if (!(await isQuiet(site, flights))) troubles.push('after the kills it did not come to rest');
  await site.bridge.stop().catch((error: Error) => troubles.push(error.message));
  await site.bridge.start();
  if (!(await isQuiet(site, flights))) troubles.push('after a restart it did not come to rest');
  await site.bridge.stop().catch((error: Error) => troubles.push(error.message));
  return troubles;
}

interface Recorded {
  readonly matrix: Pick<Side, 'record'>;
  readonly remote: Pick<Side, 'record'>;
}

/**
 * Whether nothing moves any more: for a while after all has arrived, and for much longer before that,
 * as each server has its own pauses after a failure.
 */
export async function isQuiet(
  { matrix, remote, queue }: Pick<Site, 'queue'> & Recorded,
  flights: readonly Pick<Flight, 'count'>[],
): Promise<boolean> {
  const deadline = performance.now() + quietWithinMs;
  let before = '';
  let since = performance.now();
  while (performance.now() < deadline) {
    const now = `${sizeOf(matrix.record())} ${sizeOf(remote.record())}`;
    if (now !== before) since = performance.now();
    before = now;
    const isAllThere = flights.every((flight) => flight.count() === 0);
    const stillForMs = performance.now() - since;
    if (stillForMs > (isAllThere ? quietForMs : stuckAfterMs) && (await queue()).length === 0) {
      return true;
    }
    await wait(pollMs);
  }
  return false;
}

const sizeOf = ({ said, arrived, told }: SideRecord) =>
  `${said.length}/${arrived.length}/${told.size}`;
