import type { AdapterState, StateChange } from '#adapter';
import { type CipherSuite, Conversation, suites } from '#gia';
import type { Site } from './site.ts';

const PREFIX = 'conversation/';

export interface Talk {
  readonly conversation: Conversation;
  readonly suite: CipherSuite;
}

export const conversationChange = (state: AdapterState, conversation: Conversation): StateChange =>
  state.change(PREFIX + conversation.conv_id, Buffer.from(JSON.stringify(conversation)));

/** Of one that is known, what has become of it. */
export async function storedConversation(
  state: AdapterState,
  conv: string,
): Promise<Conversation | undefined> {
  const stored = await state.get(PREFIX + conv);
  return stored && Conversation.parse(JSON.parse(Buffer.from(stored).toString()));
}

/** All that a voice knows of, by id. */
export async function conversationsIn(state: AdapterState): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const [key] of state.list(PREFIX)) ids.push(key.slice(PREFIX.length));
  return ids;
}

/** What is known of a conversation of a voice; asked for where nothing is. @throws {ApiFailure} */
export async function talkOf(
  { gatekeeper }: Site,
  state: AdapterState,
  asked: { readonly conv: string; readonly ref: string; readonly signal: AbortSignal },
): Promise<Talk> {
  const stored = await storedConversation(state, asked.conv);
  if (stored) return talk(stored);
  const conversation = await gatekeeper.call('getConversation', {
    ...{ params: { conv_id: asked.conv }, user: asked.ref, signal: asked.signal },
  });
  await state.save([conversationChange(state, conversation)]);
  return talk(conversation);
}

export function talk(conversation: Conversation): Talk {
  const suite = (suites as Readonly<Record<string, CipherSuite>>)[conversation.suite];
  if (!suite) throw new Error(`This version knows no suite ${conversation.suite}`);
  return { conversation, suite };
}
