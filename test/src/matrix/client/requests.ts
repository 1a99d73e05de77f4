import type { SendRequest } from '../../../../src/ports/matrix.ts';
import { MatrixError } from '../../../../src/ports/matrix.ts';
import { GHOST, type Reply } from './scripted-homeserver.ts';

/** Something to say. */
export const hello: SendRequest = {
  roomId: '!room:example.org',
  as: GHOST,
  content: { kind: 'message', body: { text: 'hello' } },
  txnId: 'txn-1',
  mark: { marker: 'm1' },
};

/** What it failed with. */
export const failure = (promise: Promise<unknown>): Promise<MatrixError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => {
      if (error instanceof MatrixError) return error;
      throw error;
    },
  );

/** Says that it was asked too often, and in the header or the body for how long. */
export const limited = (reply: Reply, header: string | undefined, bodyMs?: number) =>
  reply.json(
    429,
    { errcode: 'M_LIMIT_EXCEEDED', ...(bodyMs === undefined ? {} : { retry_after_ms: bodyMs }) },
    header === undefined ? {} : { 'retry-after': header },
  );
