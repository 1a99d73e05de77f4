import { setMaxListeners } from 'node:events';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { MatrixError, type OpenFile } from '../../ports/matrix.ts';
import { type Slots, slots } from '../../util/slots.ts';
import { type BucketName, type Endpoint, nameOf } from './endpoint.ts';
import { gate } from './gate.ts';
import { countOutages } from './outages.ts';
import { type History, nextAttemptMs } from './patience.ts';
import { type Call, transport } from './transport.ts';

/** Requests of each kind that run at once. Whoever waits out a limit holds no place. */
const PLACES: Readonly<Record<BucketName, number>> = {
  message: 32,
  // More than others: the first join of a large room takes minutes.
  membership: 24,
  profile: 12,
  room: 8,
  media: 16,
  other: 24,
};

/** From here on, an operator wants to know that the homeserver holds the bridge back. */
const REMARKABLE_MS = 10_000;

/** How long `close` waits for what is under way. */
const CLOSE_MS = 5000;

/** The one way to the homeserver. */
export interface Homeserver {
  /** @throws {MatrixError} and nothing else, once the endpoint's retries are used up. */
  request(endpoint: Endpoint, call?: Call): Promise<unknown>;
  /** As `request`, for an answer that is a file. */
  stream(endpoint: Endpoint, call: Call, signal: AbortSignal): Promise<OpenFile>;
  /** How often it has gone away so far. */
  outages(): number;
  /** What waits gives up at once, what runs may end. */
  close(): Promise<void>;
}

/** One request, with all its attempts. */
interface Run extends Omit<History, 'sinceMs'> {
  failures: number;
  limits: number;
  limitedMs: number;
  readonly startMs: number;
  /** Aborts when there is to be no other attempt. */
  readonly hurried: AbortSignal;
}

/** When a request is given up, and when it is not to be tried again. */
interface Signals {
  readonly ended: AbortSignal;
  readonly hurried: AbortSignal;
}

export function homeserver(options: {
  readonly url: string;
  readonly asToken: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborted: each request has one attempt, and no pause goes on. */
  readonly signal?: AbortSignal;
}): Homeserver {
  const { clock, log } = options;
  const outages = countOutages();
  const wire = transport({ ...options, lineEnded: outages.lineEnded });
  const door = gate(options);
  const closing = new AbortController();
  // Everything that waits listens to it, and that may be a thousand requests.
  setMaxListeners(0, closing.signal);
  const hurry = AbortSignal.any([closing.signal, ...(options.signal ? [options.signal] : [])]);
  setMaxListeners(0, hurry);
  const places = new Map<BucketName, Slots>(
    Object.entries(PLACES).map(([name, count]) => [name as BucketName, slots(count)]),
  );

  async function once<T>(endpoint: Endpoint, attempt: () => Promise<T>, signal: AbortSignal) {
    const place = places.get(endpoint.bucket);
    await place?.enter(signal).catch(() => {
      throw givenUp(endpoint);
    });
    try {
      return await door.through(endpoint, () => outages.watch(attempt()));
    } finally {
      place?.leave();
    }
  }

  /** @throws the error, when there is to be no other attempt. */
  async function prepareNext(endpoint: Endpoint, error: unknown, run: Run): Promise<void> {
    if (!(error instanceof MatrixError) || run.hurried.aborted) throw error;
    const sinceMs = clock.now() - run.startMs - run.limitedMs;
    const waitMs = nextAttemptMs(endpoint, error, { ...run, sinceMs }, Math.random());
    if (waitMs === undefined) throw error;
    log(waitMs > REMARKABLE_MS ? 'warn' : 'debug', 'A request is tried again', {
      endpoint: nameOf(endpoint),
      status: error.status,
      errcode: error.errcode,
      waitMs: Math.round(waitMs),
    });
    if (error.status === 429) {
      run.limits++;
      run.limitedMs += waitMs;
    } else run.failures++;
    await pause(clock, waitMs, run.hurried).catch(() => {
      throw error;
    });
  }

  async function retried<T>(
    endpoint: Endpoint,
    attempt: () => Promise<T>,
    { ended, hurried }: Signals,
  ): Promise<T> {
    const run: Run = { failures: 0, limits: 0, limitedMs: 0, startMs: clock.now(), hurried };
    for (;;) {
      try {
        return await once(endpoint, attempt, ended);
      } catch (error) {
        await prepareNext(endpoint, error, run);
      }
    }
  }

  return {
    outages: outages.count,
    request: (endpoint, call = {}) =>
      retried(endpoint, () => wire.json(endpoint, call), { ended: closing.signal, hurried: hurry }),
    stream(endpoint, call, signal) {
      const ended = AbortSignal.any([signal, closing.signal]);
      const hurried = AbortSignal.any([signal, hurry]);
      return retried(endpoint, () => wire.stream(endpoint, call, ended), { ended, hurried });
    },
    close() {
      closing.abort();
      return wire.close(CLOSE_MS);
    },
  };
}

const givenUp = (endpoint: Endpoint) =>
  new MatrixError('away', `${nameOf(endpoint)}: not sent, it was given up`, {
    endpoint: nameOf(endpoint),
  });

function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
