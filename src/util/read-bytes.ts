/** A body, or as much of it as was allowed. */
export interface Read {
  readonly bytes: Buffer;
  /** False: there was more, and `bytes` is only its beginning. */
  readonly complete: boolean;
}

/**
 * Reads a body whole, as long as it has at most `maxBytes`.
 *
 * Of a longer one the first `keptBytes` are kept. The rest is read and dropped, so that the other
 * side can finish writing and read an answer; whoever calls bounds the time of that.
 */
export async function readBytes(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  keptBytes: number,
): Promise<Read> {
  let chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  let complete = true;
  for await (const chunk of body) {
    sizeBytes += chunk.byteLength;
    if (!complete) continue;
    chunks.push(chunk);
    if (sizeBytes <= maxBytes) continue;
    complete = false;
    chunks = [Buffer.concat(chunks).subarray(0, keptBytes)];
  }
  return { bytes: Buffer.concat(chunks), complete };
}
