import { MatrixError } from '../../ports/matrix.ts';
import { wellFormed } from '../../util/well-formed.ts';
import { type Endpoint, nameOf } from './endpoint.ts';
import { notSent } from './failures.ts';

/**
 * The largest content that is sent. A whole event may have 65 536 bytes; what the homeserver adds
 * (ids, hashes, signatures) needs room beside it.
 */
const MAX_CONTENT_BYTES = 60_000;

/**
 * The content of an event or of a request as JSON, made such that a homeserver takes it.
 *
 * Texts are made well-formed. @throws {MatrixError} `refused` for what it would not take: too much,
 * and numbers that are not whole.
 */
export function contentJson(endpoint: Endpoint, content: object): string {
  const json = JSON.stringify(content, (key, value: unknown) => {
    if (typeof value === 'string') return wellFormed(value);
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw notSent(nameOf(endpoint), 'M_BAD_JSON', `"${key}" is not a whole number`);
    return value;
  });
  const sizeBytes = Buffer.byteLength(json);
  if (sizeBytes > MAX_CONTENT_BYTES)
    throw notSent(nameOf(endpoint), 'M_TOO_LARGE', `the content has ${sizeBytes} bytes`);
  return json;
}

const MAX_ID_BYTES = 255;

/** @throws {MatrixError} `refused` when it is longer than any id may be. */
export function checkId(endpoint: Endpoint, id: string): void {
  const sizeBytes = Buffer.byteLength(id);
  if (sizeBytes > MAX_ID_BYTES)
    throw notSent(nameOf(endpoint), 'M_TOO_LARGE', `an id has ${sizeBytes} bytes, 255 are allowed`);
}

/** Whether a request was answered with this. */
export const isErrcode = (error: unknown, errcode: string): boolean =>
  error instanceof MatrixError && error.errcode === errcode;
