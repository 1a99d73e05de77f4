import { open } from 'node:fs/promises';
import { headers, limits, type MediaState } from '../schemas/index.ts';
import type { Connection, Opened } from './connection.ts';
import { ApiFailure } from './failure.ts';

export interface Upload {
  /** Where the sealed file lies. */
  readonly file: string;
  readonly sizeBytes: number;
  readonly sha256: Uint8Array;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 5;

/**
 * Stores a sealed file at the gatekeeper, piece by piece. Where an answer is missing, the gatekeeper is asked how far it came.
 * @returns the address that goes into the message
 * @throws ApiFailure
 */
export async function uploadFile(connection: Connection, upload: Upload): Promise<string> {
  const { sizeBytes, sha256, signal } = upload;
  const pass = signal ? { signal } : {};
  const body = { size_bytes: sizeBytes, sha256: Buffer.from(sha256).toString('base64url') };
  // Begun twice it is two uploads, one of which stays empty.
  let state = await again(() => connection.call('createMedia', { body, ...pass }));
  for (let failures = 0; !state.complete; ) {
    const before = state;
    try {
      state = await sendPiece(connection, upload, before);
      failures = 0;
    } catch (error) {
      const isLost = error instanceof ApiFailure && error.isRetryable && ++failures < ATTEMPTS;
      if (!isLost) throw error;
      const params = { media_id: before.media_id };
      state = await again(() => connection.call('getMediaState', { params, ...pass }));
    }
  }
  return state.url;
}

/** What may be asked twice: the connection that it was asked over may have been closed by then. */
async function again<T>(ask: () => Promise<T>): Promise<T> {
  for (let failures = 0; ; ) {
    try {
      return await ask();
    } catch (error) {
      const isLost = error instanceof ApiFailure && error.isRetryable && ++failures < ATTEMPTS;
      if (!isLost) throw error;
    }
  }
}

async function sendPiece(
  connection: Connection,
  upload: Upload,
  state: MediaState,
): Promise<MediaState> {
  const { file, sizeBytes, signal } = upload;
  const length = Math.min(limits.mediaPieceBytes, sizeBytes - state.offset_bytes);
  const piece = Buffer.alloc(length);
  const handle = await open(file);
  const { bytesRead } = await handle
    .read(piece, 0, length, state.offset_bytes)
    .finally(() => handle.close());
  return connection.call('uploadMedia', {
    params: { media_id: state.media_id },
    headers: { [headers.uploadOffset]: String(state.offset_bytes) },
    body: new Uint8Array(piece.subarray(0, bytesRead)),
    ...(signal && { signal }),
  });
}

/** What lies at the address in a message: with the gatekeeper, or, through it, with whose user said it. */
export function download(
  connection: Connection,
  url: string,
  signal?: AbortSignal,
): Promise<Opened> {
  const pass = signal ? { signal } : {};
  const [, mediaId] = /\/media\/(md_[A-Za-z0-9_-]+)$/.exec(url) ?? [];
  return mediaId && url.startsWith(connection.origin)
    ? connection.open('getMedia', { params: { media_id: mediaId }, ...pass })
    : connection.open('proxyMedia', { query: { u: url }, ...pass });
}
