import type { ChatView, RemoteChatId, VoiceId } from '../../model/remote-ids.ts';

/** The column is never NULL, as SQL takes no two NULLs for the same. The core mints no empty voice id. */
export const receiverColumn = (view: ChatView): string => view.receiver ?? '';

export const viewOf = (chat: RemoteChatId, receiver: string): ChatView => ({
  chat,
  ...(receiver !== '' && { receiver: receiver as VoiceId }),
});
