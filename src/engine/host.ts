import type { Host } from '../adapter/network.ts';
import type { RemoteHint } from '../adapter/remote-event.ts';
import type { Standing, Voice } from '../adapter/voice.ts';
import type { ChatView, RemoteUserId, VoiceId } from '../model/remote-ids.ts';
import type { Write } from '../ports/journal.ts';
import { adapterState, commitOrStale, stateWrites } from './adapter-state.ts';
import type { Context } from './context.ts';
import { openMedia } from './open-media.ts';
import type { NetworkOptions } from './options.ts';
import { servedUnder } from './served.ts';

/** What the engine does with what an adapter tells it. */
export interface Heard {
  /** Events of this chat are on disk. */
  events(network: string, view: ChatView): void;
  hint(network: string, hint: RemoteHint): void;
  userChanged(network: string, user: RemoteUserId): void;
  chatChanged(network: string, view: ChatView): void;
  standing(network: string, standing: Standing, voice?: VoiceId): void;
  voice(id: VoiceId): Promise<Voice | undefined>;
}

/** What one open network is given by the core. */
export function createHost(
  context: Context,
  options: NetworkOptions,
  heard: Heard,
  signal: AbortSignal,
): Host<unknown> {
  const { storage, clock, log, matrix } = context;
  const network = options.id;
  const publicUrl = servedUnder(context, network);
  return {
    config: options.config,
    state: adapterState(storage, network),
    log: (level, message, fields) => log(level, message, { network, ...fields }),
    signal,
    ...(publicUrl !== undefined && { publicUrl }),
    async emit(events, save) {
      const all = [events].flat();
      const writes: Write[] = stateWrites(network, save);
      if (all.length > 0)
        writes.unshift({ kind: 'remote-events', network, atMs: clock.now(), events: all });
      await commitOrStale(storage, writes);
      for (const event of all) heard.events(network, event);
    },
    hint: (hint) => heard.hint(network, hint),
    changed: (what) =>
      'user' in what ? heard.userChanged(network, what.user) : heard.chatChanged(network, what),
    report: (standing, voice) => heard.standing(network, standing, voice),
    voice: (id) => heard.voice(id),
    openMedia: (ref, reading) => openMedia(matrix, ref, reading),
  };
}
