import { createHash } from 'node:crypto';
import type { AppserviceHandler } from '../../ports/appservice.ts';
import type { Log } from '../../ports/log.ts';
import { readBytes } from '../../util/read-bytes.ts';
import { passedOver } from './passed-over.ts';
import { readTransaction } from './read-transaction.ts';
import type { Route } from './routes.ts';

/**
 * More than a homeserver can send, since a refused transaction is sent again for ever: Synapse
 * puts at most 100 events, 100 ephemeral events and 100 to-device messages in one, and an event is
 * at most 64 KiB (its `unsigned` part not counted).
 */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** How much of a larger body is kept for a person to look at. */
const KEPT_BYTES = 256 * 1024;

/**
 * `PUT /_matrix/app/v1/transactions/{txnId}`: the homeserver pushes events.
 *
 * Answers 200 only once the handler has everything on disk. The transaction id is no proof of a
 * repeat (homeservers start again at 1, and send a longer transaction under the same id), so every
 * copy is handed over and the journal skips the events that it had before. Only a copy that arrives
 * while the same bytes are still being written waits for that one.
 *
 * What cannot be read is kept aside and answered 200 as well: refused, it would be sent again for
 * ever, and nothing after it would ever come.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#put_matrixappv1transactionstxnid
 */
export function transactions(
  handler: Pick<AppserviceHandler, 'transaction' | 'unreadable' | 'passedOver'>,
  log: Log,
): Route {
  const running = new Map<string, Promise<void>>();
  const isOnePassedOver = passedOver();

  async function take(bytes: Uint8Array, isComplete: boolean): Promise<void> {
    const read = isComplete
      ? readTransaction(bytes)
      : { unreadable: `larger than ${MAX_BODY_BYTES} bytes` };
    if ('unreadable' in read) {
      const fields = { reason: read.unreadable, sizeBytes: bytes.byteLength };
      log('error', 'The homeserver sent what is no transaction; it is kept aside', fields);
      return handler.unreadable(bytes, read.unreadable);
    }
    if (read.isCut) log('warn', 'An event was nested too deeply, and lost its innermost part');
    return handler.transaction(read.events, read.ephemeral);
  }

  return {
    method: 'PUT',
    path: /^(?:\/_matrix\/app\/v1)?\/transactions\/([^/]+)$/,
    async handle(ctx, transactionId) {
      const { bytes, complete } = await readBytes(ctx.req, MAX_BODY_BYTES, KEPT_BYTES);
      const hash = createHash('sha256').update(bytes).digest('base64');
      const key = `${hash} ${transactionId}`;
      if (isOnePassedOver(transactionId)) handler.passedOver();
      let run = running.get(key);
      if (!run) {
        run = take(bytes, complete).finally(() => running.delete(key));
        running.set(key, run);
      }
      await run;
      ctx.body = {};
    },
  };
}
