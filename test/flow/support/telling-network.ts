import {
  type ChatInfo,
  type Host,
  type NetworkAdapter,
  type RemoteEvent,
  remoteChatId,
} from '#adapter';
import { loopback } from '../../../bridges/loopback/index.ts';

/** The loopback network, which says more of its chats than it knows, and that it has changed in `town`. */
export function networkTelling(more: () => Partial<ChatInfo>) {
  let host: Host<unknown> | undefined;
  const adapter = {
    ...loopback,
    async open(given) {
      host = given;
      const network = await loopback.open(given as never);
      const { chat } = network;
      if (!chat) throw new Error('It knows no chats');
      return {
        ...network,
        chat: async (view, signal) => ({ ...(await chat(view, signal)), ...more() }),
      };
    },
  } as NetworkAdapter;
  return {
    adapter,
    changed: () => host?.changed({ chat: remoteChatId('town') }),
    /** Says something of itself in `town`. */
    emit: (event: Omit<RemoteEvent<'security'>, 'chat'>) =>
      host?.emit({ ...event, chat: remoteChatId('town') }),
  };
}
