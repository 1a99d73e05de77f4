import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BridgeError, type BridgeErrorCode, type MediaRef } from '#adapter';
import { ApiFailure, BadFile, download, openFile, SEAL_BYTES } from '#gia';
import { failureOf } from './failures.ts';
import { fileIn } from './from-said.ts';
import type { Site } from './site.ts';

/**
 * Reads a file of a message. It is given out once all of it is found to be what its sender sealed; until then it waits, sealed as it
 * came, in a file that has no name.
 */
export async function fetchFile(
  { host, gatekeeper }: Site,
  ref: MediaRef,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  const { url, ...item } = fileIn(ref);
  const { maxFileBytes } = host.config;
  const maxBytes = maxFileBytes + (item.seal ? SEAL_BYTES : 0);
  // Other providers' files are for their users and the gatekeeper's; and no message may have us call addresses of its choice.
  if (!url.startsWith(`${gatekeeper.origin}/`)) throw elsewhere(url);
  if (item.sizeBytes !== undefined && item.sizeBytes > maxBytes) throw tooLarge(maxFileBytes);
  try {
    const { body: source } = await download(gatekeeper, url, signal);
    const file = join(tmpdir(), `gatekeeper-${randomUUID()}`);
    return (await openFile({ source, item, file, maxBytes })).bytes;
  } catch (error) {
    throw fileFailure(error, maxFileBytes);
  }
}

function fileFailure(error: unknown, maxFileBytes: number): unknown {
  if (error instanceof BadFile)
    return error.code === 'too_large'
      ? tooLarge(maxFileBytes)
      : failed('protocol', error, 'it is not what its sender sealed');
  if (error instanceof ApiFailure)
    return error.code === 'not_found'
      ? failed('not_allowed', error, 'the other service does not have it any more')
      : failureOf(error);
  // It broke off, or there is no room for it.
  return failed('unreachable', error);
}

const failed = (code: BridgeErrorCode, cause: unknown, words?: string) =>
  new BridgeError(code, String(cause), { effect: 'none', cause, ...(words && { words }) });

const tooLarge = (maxBytes: number) =>
  failed('too_large', `more than maxFileBytes, ${maxBytes}`, 'it is larger than this bridge takes');

const elsewhere = (url: string) =>
  failed('unsupported', `it lies at ${url}`, 'it lies with a service that this bridge may not ask');
