import type { Conversation as Described } from '#gia';
import type { Own } from './device.ts';
import type { Conversation } from './group-steps.ts';

/** What a client keeps of a conversation. */
export function remembered({ conv_id: id, conv_uri: uri, suite, participants }: Described) {
  const users = participants.map(({ user_ref }) => user_ref);
  const to = Buffer.from(JSON.stringify({ id, uri, suite, users }));
  return { key: `conversation/${id}`, to };
}

/** One that began before this device is asked for. */
export async function conversationOf(
  { connection, store }: Own,
  id: string,
): Promise<Conversation> {
  const key = `conversation/${id}`;
  if (!store.get(key)) {
    const params = { conv_id: id };
    store.commit({ set: [remembered(await connection.call('getConversation', { params }))] });
  }
  return JSON.parse(store.text(key) ?? '');
}
