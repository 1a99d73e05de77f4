import type { RemoteEvent, VoiceId } from '#adapter';
import { conversationsIn } from './conversations.ts';
import type { Taken } from './hear.ts';
import { chatIdOf } from './ids.ts';
import type { Place } from './listen.ts';
import type { Site } from './site.ts';

/** Nobody knows in which chats something was said since then: each has a hole. */
export async function gapIn(
  { site }: { readonly site: Site },
  { cursor, atMs: sinceMs }: Place,
): Promise<Taken> {
  const events: RemoteEvent[] = [];
  const sentAtMs = Date.now();
  for await (const [, id] of site.host.state.list('ref/')) {
    const voice = await site.host.voice(Buffer.from(id).toString() as VoiceId);
    for (const conv of voice ? await conversationsIn(voice.state) : []) {
      const view = { chat: chatIdOf(conv), ...(voice && { receiver: voice.id }) };
      events.push({ kind: 'hole', ...view, sinceMs, sentAtMs, key: `gap/${cursor}/${conv}` });
    }
  }
  return { events, save: [] };
}
