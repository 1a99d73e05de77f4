import type { RemoteEvent, StateChange, VoiceId } from '#adapter';
import { conversationsIn } from './conversations.ts';
import type { Taken } from './hear.ts';
import { chatIdOf } from './ids.ts';
import type { Place } from './listen.ts';
import { groupKey } from './ratchet.ts';
import type { Site } from './site.ts';

/** Nobody knows in which chats something was said since then: each has a hole, and its group may have gone on without us. */
export async function gapIn(
  { site }: { readonly site: Site },
  { cursor, atMs: sinceMs }: Place,
): Promise<Taken> {
  const events: RemoteEvent[] = [];
  const save: StateChange[] = [];
  const sentAtMs = Date.now();
  for await (const [, id] of site.host.state.list('ref/')) {
    const voice = await site.host.voice(Buffer.from(id).toString() as VoiceId);
    if (!voice) continue;
    for (const conv of await conversationsIn(voice.state)) {
      const view = { chat: chatIdOf(conv), receiver: voice.id };
      events.push({ kind: 'hole', ...view, sinceMs, sentAtMs, key: `gap/${cursor}/${conv}` });
      save.push(voice.state.change(groupKey(conv), null));
    }
  }
  return { events, save };
}
