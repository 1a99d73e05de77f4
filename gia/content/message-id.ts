import { createHash } from 'node:crypto';
import type { MessageId } from './container.ts';

/**
 * How others refer to what was said: it depends on every byte of it, on who said it and where, so that nobody can have another
 * message go by it.
 * @param encoded the container as it was sent; its salt is read from there
 */
export function messageIdOf(encoded: Uint8Array, senderUri: string, roomUri: string): MessageId {
  const salt = encoded.subarray(2, 18);
  const hash = createHash('sha256')
    .update(withLength(senderUri))
    .update(withLength(roomUri))
    .update(encoded)
    .update(salt)
    .digest('hex');
  return `01${hash.slice(0, 62)}`;
}

function withLength(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length > 0xffff) throw new RangeError('a URI has at most 65535 bytes');
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]);
}
