import { setTimeout as sleep } from 'node:timers/promises';
import { EventEnvelope, KnownEvent, limits } from '../schemas/index.ts';
import type { Connection } from './connection.ts';
import { ApiFailure, badAnswer, noAnswer } from './failure.ts';
import { framesIn } from './frames.ts';

/** `isKnown: false`: of a type that this version does not know. It is acknowledged like any other. */
export type Happening =
  | { readonly isKnown: true; readonly event: KnownEvent }
  | { readonly isKnown: false; readonly event: EventEnvelope };

export interface Following {
  /** After which event to begin. Absent: with all that is kept. */
  readonly cursor?: string;
  readonly signal: AbortSignal;
  /** Before the next attempt after one that failed; absent: it grows to half a minute. */
  readonly pauseMs?: (failures: number) => number;
  /** Called whenever a connection stands, and with the reason whenever one failed and is tried again. */
  readonly standing?: (failure: ApiFailure | undefined) => void;
}

/** Two heartbeats that did not come: the connection is gone, though nobody said so. */
const SILENCE_MS = limits.heartbeatMs * 2.5;

/**
 * All events from a cursor on, over as many connections as it takes. Each comes at least once: whoever takes one commits it with
 * its cursor, and acknowledges it after.
 * @throws ApiFailure where trying again is of no use, such as `cursor_gone`; the reason of `signal`
 */
export async function* follow(
  connection: Connection,
  { cursor, signal, pauseMs = growing, standing = () => {} }: Following,
): AsyncGenerator<Happening> {
  let after = cursor;
  let failures = 0;
  for (;;) {
    try {
      const stream = await opened(connection, after, signal);
      standing(undefined);
      for await (const happening of happeningsIn(stream)) {
        failures = 0;
        yield happening;
        after = cursorOf(happening) ?? after;
      }
      standing(noAnswer(new Error('the stream ended')));
      failures += 1;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ApiFailure && error.isRetryable)) throw error;
      standing(error);
      failures += 1;
    }
    await sleep(pauseMs(failures), undefined, { signal });
  }
}

/** Absent of what is not kept. */
export const cursorOf = ({ event }: Happening): string | undefined =>
  'cursor' in event ? event.cursor : undefined;

const growing = (failures: number) => Math.min(30_000, 100 * 2 ** failures);

async function opened(
  connection: Connection,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const call = { signal, ...(cursor && { query: { cursor } }) };
  return (await connection.open('streamEvents', call, SILENCE_MS)).body;
}

async function* happeningsIn(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Happening> {
  try {
    for await (const { data } of framesIn(stream)) yield happeningOf(data);
  } catch (cause) {
    if (cause instanceof ApiFailure) throw cause;
    throw noAnswer(cause);
  }
}

function happeningOf(data: string): Happening {
  const json = parse(data);
  const known = KnownEvent.safeParse(json);
  if (known.success) return { isKnown: true, event: known.data };
  const envelope = EventEnvelope.safeParse(json);
  if (!envelope.success)
    throw badAnswer(`an event is not as documented: ${envelope.error.message}`);
  const isOfKnownType = types.has(envelope.data.type);
  if (isOfKnownType)
    throw badAnswer(`${envelope.data.type} is not as documented: ${known.error.message}`);
  return { isKnown: false, event: envelope.data };
}

const types = new Set<string>(KnownEvent.options.map(({ shape }) => shape.type.value));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badAnswer('an event is not JSON');
  }
}
