import type { Store } from '../store/index.ts';
import type { Hub } from './hub.ts';
import { deviceStream, providerStream } from './streams.ts';

const LOOK_MS = 500;

/** Notices what a command of the operator wrote, in another process: news for streams, and who may no longer read. */
export function watchWriters(store: Store, hub: Hub): () => void {
  let version = store.dataVersion();
  const timer = setInterval(() => {
    const newer = store.dataVersion();
    if (newer === version) return;
    version = newer;
    hub.streams.wakeAll();
    hub.streams.finish(isOver(store));
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

/** Streams of providers that are suspended, and of local users who are. */
function isOver(store: Store): (stream: string) => boolean {
  const providers = store.providers.all().filter(({ state }) => state !== 'operational');
  const over = new Set(providers.map(({ integrator }) => providerStream(integrator)));
  for (const { user_ref } of store.users.suspendedHere())
    for (const { device } of store.devices.of(user_ref)) over.add(deviceStream(user_ref, device));
  return (stream) => over.has(stream);
}
