import { levelOf } from '../hub/level.ts';
import type { Context } from '../server/context.ts';
import type { UserRow } from '../store/users.ts';
import { conversationView } from './conversation-view.ts';
import { peersOf } from './user-view.ts';

export interface DeviceNews {
  readonly v: number;
  /** Where the account key is another one. */
  readonly identity?: { readonly old: string; readonly new: string };
}

/** Whoever talks to somebody learns of their devices, and where it changes who can read. */
export function tellOfDevices(
  { store, hub, domain }: Context,
  user: UserRow,
  news: DeviceNews,
): void {
  const { user_ref } = user;
  for (const peer of [user, ...peersOf(store, user_ref)]) {
    hub.tellUser(peer, { type: 'devices.changed', data: { user_ref, v: news.v } });
    if (news.identity !== undefined)
      hub.tellUser(peer, { type: 'identity.changed', data: { user_ref, ...news.identity } });
  }
  for (const conversation of store.conversations.of(user_ref)) {
    const refs = [conversation.one_ref, conversation.other_ref];
    const level = levelOf(conversation.suite, refs.flatMap(store.devices.of));
    if (level === conversation.level) continue;
    store.conversations.setLevel(conversation.conv_id, level);
    const { conv_id } = conversation;
    const data = conversationView(store, domain, { ...conversation, level });
    for (const ref of refs) {
      const participant = store.users.get(ref);
      if (participant !== undefined)
        hub.tellUser(participant, { type: 'conversation.updated', conv_id, data });
    }
  }
}
