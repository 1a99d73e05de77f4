import { type Conversation, conversationUri } from '#gia/schemas';
import type { ConversationRow } from '../store/conversations.ts';
import type { Store } from '../store/index.ts';
import { participantView } from './user-view.ts';

export const conversationView = (
  store: Store,
  domain: string,
  row: ConversationRow,
): Conversation => ({
  conv_id: row.conv_id,
  conv_uri: conversationUri(domain, row.conv_id),
  type: 'dm',
  suite: row.suite,
  epoch: row.epoch,
  level: row.level,
  participants: [row.one_ref, row.other_ref].flatMap((ref) => {
    const user = store.users.get(ref);
    return user === undefined ? [] : [participantView(user, store.devices.of(ref))];
  }),
  created_ms: row.created_ms,
});
