import { randomBytes } from 'node:crypto';
import {
  type AdapterState,
  BridgeError,
  type BridgeErrorCode,
  type Media,
  type Served,
} from '#adapter';
import { type FileItem, newSeal, sealFile } from '#gia';
import { offeredAt, pathTo } from './offered-path.ts';
import type { Site } from './site.ts';

/** As long as the gatekeeper itself keeps what waits there. */
const KEPT_SECONDS = 30 * 86_400;
const KEY = 'file-key';

/** The one key of all paths. Made as the network is opened, when nobody else makes one. */
export async function fileKeyIn(state: AdapterState): Promise<Uint8Array> {
  const stored = await state.get(KEY);
  if (stored) return stored;
  const made = new Uint8Array(randomBytes(32));
  await state.save([state.change(KEY, made, null)]);
  return made;
}

/** Whether the world reaches what we serve, in the way that the interface asks for. */
export const canOffer = (publicUrl: string | undefined): publicUrl is string =>
  publicUrl?.startsWith('https://') === true;

/**
 * Has a file of Matrix under an address from which the gatekeeper fetches it, sealed. It is read through once, as the message says how
 * large it is and what hash it has; each time that it is fetched it is read and sealed again, to the same bytes.
 */
export async function offerFile(site: Site, media: Media, signal: AbortSignal): Promise<FileItem> {
  const { host, fileKey } = site;
  const address = await addressOf(site, signal);
  const seal = newSeal();
  const { ref, mimeType: contentType, name } = media;
  if ((media.sizeBytes ?? 0) > host.config.maxFileBytes) throw tooLarge(host.config.maxFileBytes);
  const plain = bounded(await host.openMedia(ref, signal), host.config.maxFileBytes);
  const { sizeBytes, sha256 } = await sealed(plain, seal);
  const untilSeconds = Math.floor(Date.now() / 1000) + KEPT_SECONDS;
  return {
    ...{ kind: 'file', url: address + pathTo({ ref, seal, sizeBytes, untilSeconds }, fileKey) },
    ...{ contentType, sizeBytes, sha256, seal, expiresAtSeconds: untilSeconds },
    ...(name !== undefined && { filename: name }),
    isInline: media.as !== 'file',
  };
}

/** What the gatekeeper fetches. `undefined`: we have made no such path, or it is over. */
export function serveFile({ host, fileKey }: Site, path: string): Served | undefined {
  const offered = offeredAt(path, fileKey);
  if (!offered || offered.untilSeconds * 1000 <= Date.now()) return undefined;
  const seal = { ...offered.seal, aad: new Uint8Array() };
  return {
    mimeType: 'application/octet-stream',
    sizeBytes: offered.sizeBytes,
    open: async (signal) => sealFile(await host.openMedia(offered.ref, signal), seal).bytes,
  };
}

async function addressOf({ host, gatekeeper, provider }: Site, signal: AbortSignal) {
  const { publicUrl } = host;
  if (!canOffer(publicUrl)) throw failed('unsupported', 'bridge.publicUrl is no https address');
  const { hostname } = new URL(publicUrl);
  const { providers } = await gatekeeper.call('listProviders', { signal });
  const domains = providers.find(({ domain }) => domain === provider.domain)?.media_domains;
  if (!domains || domains.includes(hostname)) return publicUrl;
  throw failed(
    'unsupported',
    `${hostname} of bridge.publicUrl is none of the media domains that the gatekeeper has: ${domains.join(', ')}`,
    `the other service does not fetch files from ${hostname}; whoever operates this bridge can agree on that with it`,
  );
}

async function sealed(plain: AsyncIterable<Uint8Array>, seal: FileItem['seal']) {
  const { bytes, file } = sealFile(plain, seal);
  for await (const _ of bytes);
  return file();
}

async function* bounded(bytes: AsyncIterable<Uint8Array>, maxBytes: number) {
  let sizeBytes = 0;
  for await (const piece of bytes) {
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    yield piece;
  }
}

const tooLarge = (maxBytes: number) =>
  failed('too_large', `more than maxFileBytes, ${maxBytes}`, 'it is larger than this bridge takes');

const failed = (code: BridgeErrorCode, message: string, words?: string) =>
  new BridgeError(code, message, { effect: 'none', ...(words !== undefined && { words }) });
