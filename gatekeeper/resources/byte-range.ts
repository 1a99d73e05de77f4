import { refuse } from '../server/refusal.ts';

/** A stretch of a file, the last byte included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The one range that a `Range` header asks for. Anything else of it is not understood, and so all is sent (RFC 9110). */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = from === '' || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (start > end) refuse('invalid_request', `Range: the file has ${sizeBytes} bytes`);
  return { start, end };
}
