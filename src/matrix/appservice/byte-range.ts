/** A stretch of a file, the last byte included (RFC 9110, 14.1.2). */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The stretch that a `Range` header asks for. `undefined`: the whole file, also where several are asked for
 * or nobody knows how large it is. `none`: there is no such stretch in it.
 */
export function byteRange(
  header: string,
  sizeBytes: number | undefined,
): ByteRange | 'none' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header) ?? [];
  if (sizeBytes === undefined || (from === '' && to === '')) return undefined;
  const end = sizeBytes - 1;
  const range =
    from === ''
      ? { first: Math.max(0, sizeBytes - Number(to)), last: end }
      : { first: Number(from), last: to === '' ? end : Math.min(Number(to), end) };
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  return range.first > range.last ? 'none' : range;
}

/** The bytes of a stretch. What comes before it is read and thrown away. */
export async function* stretch(
  bytes: AsyncIterable<Uint8Array>,
  { first, last }: ByteRange,
): AsyncIterable<Uint8Array> {
  let at = 0;
  for await (const piece of bytes) {
    const start = Math.max(0, first - at);
    const wanted = piece.subarray(start, Math.max(start, last + 1 - at));
    at += piece.length;
    if (wanted.length > 0) yield wanted;
    if (at > last) return;
  }
}
