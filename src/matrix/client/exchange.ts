import type { Dispatcher } from 'undici';
import type { Clock } from '../../ports/clock.ts';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** `undefined`: it is longer than what was allowed. */
  readonly bytes: Buffer | undefined;
}

export interface Limits {
  readonly clock: Clock;
  /** For all of it. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

const late = () => Object.assign(new Error('No answer in time'), { code: 'timeout' });

/**
 * Sends a request and reads the answer. Rejects with why there is none.
 *
 * By the lowest door of undici: a stream, a signal and their listeners for each answer cost as much
 * as all else that is done to say something in a room.
 */
export const exchange = (
  connections: Pick<Dispatcher, 'dispatch'>,
  request: Dispatcher.DispatchOptions,
  { clock, timeoutMs, maxBytes }: Limits,
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let status = 0;
    let headers: Answer['headers'] = {};
    let controller: Dispatcher.DispatchController | undefined;
    let givenUp: Error | undefined;
    const cancel = clock.after(timeoutMs, () => {
      givenUp = late();
      reject(givenUp);
      controller?.abort(givenUp);
    });
    const end = (bytes: Buffer | undefined) => {
      cancel();
      resolve({ status, headers, bytes });
    };
    connections.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It was late before it had a connection.
        if (givenUp) started.abort(givenUp);
      },
      onResponseStart(_, statusCode, received) {
        status = statusCode;
        headers = received;
      },
      onResponseData(reading, chunk) {
        sizeBytes += chunk.byteLength;
        chunks.push(chunk);
        if (sizeBytes <= maxBytes) return;
        end(undefined);
        reading.abort(new Error('The answer is too large'));
      },
      onResponseEnd() {
        end(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
      },
      onResponseError(_, error) {
        cancel();
        reject(error);
      },
    });
  });
