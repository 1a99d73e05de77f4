import { randomBytes } from 'node:crypto';
import { BridgeError } from '../adapter/errors.ts';
import type { Published } from '../adapter/network.ts';
import { adapterState } from './adapter-state.ts';
import type { Context } from './context.ts';
import type { Publishing } from './options.ts';

/** Among an adapter's own facts, so that it is on disk with the message that it belongs to, and sealed. */
const PREFIX = 'published/';
const MOST_BYTES = 256 * 1024;
/** Until when, then what nobody guesses: in byte order the oldest comes first. */
const ID = /^([0-9a-z]{9})-[\w-]{24}$/;

/** A text under an address that only who was given it knows. @throws {BridgeError} `too_large` */
export function publish(
  context: Pick<Context, 'storage' | 'clock'>,
  { url, keepMs }: Publishing,
  { network, text }: { readonly network: string; readonly text: string },
): Published {
  const bytes = Buffer.from(text);
  if (bytes.length > MOST_BYTES)
    throw new BridgeError('too_large', `${bytes.length} bytes are published`, { effect: 'none' });
  const untilMs = Math.round(context.clock.now() + keepMs);
  const id = `${untilMs.toString(36).padStart(9, '0')}-${randomBytes(18).toString('base64url')}`;
  const save = adapterState(context.storage, network).change(PREFIX + id, bytes);
  return { url: `${url}/published/${network}/${id}`, save };
}

/** `undefined`: there is no such text, or no longer. */
export async function publishedText(
  { storage, clock, networks }: Pick<Context, 'storage' | 'clock' | 'networks'>,
  network: string,
  id: string,
): Promise<string | undefined> {
  if (!networks.some((one) => one.id === network) || isOver(id, clock.now())) return undefined;
  const bytes = await adapterState(storage, network).get(PREFIX + id);
  return bytes && Buffer.from(bytes).toString();
}

/** Forgets what is over. */
export async function forgetPublished({
  storage,
  clock,
  networks,
}: Pick<Context, 'storage' | 'clock' | 'networks'>): Promise<void> {
  for (const { id: network } of networks) {
    const state = adapterState(storage, network);
    const over: string[] = [];
    for await (const [key] of state.list(PREFIX)) {
      if (!isOver(key.slice(PREFIX.length), clock.now())) break;
      over.push(key);
    }
    if (over.length > 0) await state.save(over.map((key) => state.change(key, null)));
  }
}

function isOver(id: string, nowMs: number): boolean {
  const until = ID.exec(id)?.[1];
  return until === undefined || Number.parseInt(until, 36) <= nowMs;
}
