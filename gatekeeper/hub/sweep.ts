import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '#gia/schemas';
import type { Store } from '../store/index.ts';
import type { Hub } from './hub.ts';

const DAY_MS = 24 * 60 * 60_000;
const BATCH = 500;

export interface SweepOptions {
  readonly store: Store;
  readonly hub: Hub;
  readonly folder: string;
  readonly nowMs: number;
}

/** Lets go of what was kept long enough. Whose message nobody fetched is told. */
export async function sweep({ store, hub, folder, nowMs }: SweepOptions): Promise<void> {
  const oldestMs = nowMs - limits.queueDays * DAY_MS;
  while (store.transaction(() => sweepEvents(store, hub, oldestMs)) === BATCH);
  store.transaction(() =>
    store.messages.forgetBefore(oldestMs, nowMs - limits.idempotencyDays * DAY_MS),
  );
  store.usedTokens.forgetBefore(Math.floor(nowMs / 1000));
  for (const { media_id } of store.media.olderThan(oldestMs)) {
    await rm(join(folder, 'media', media_id), { force: true });
    store.media.remove(media_id);
  }
}

function sweepEvents(store: Store, hub: Hub, oldestMs: number): number {
  const rows = store.events.takeOlderThan(oldestMs, BATCH);
  for (const { type, data, to_ref, to_device, conv_id } of rows) {
    if (type !== 'message.new' || to_ref === null || to_device === null || conv_id === null)
      continue;
    const { msg_id, seq, from } = JSON.parse(data);
    const sender = store.users.get(from.user_ref);
    const recipient = { user_ref: to_ref, device: to_device };
    const failed = { msg_id, seq, recipient, reason: 'expired' };
    if (sender?.state === 'active')
      hub.tellDevice(sender, from, { type: 'message.failed', conv_id, data: failed });
  }
  return rows.length;
}
