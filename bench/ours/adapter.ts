import { z } from 'zod';
import {
  type Handler,
  type NetworkAdapter,
  type NetworkSession,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
} from '#adapter';
import { type Got, NetworkClient, type Said } from '../null/network-client.ts';

const Config = z.strictObject({ port: z.int() });

/**
 * The null network as an adapter, and nothing that it does not have: one relay that imitates, messages
 * only, no connection per chat.
 *
 * The network drops repeats, so that is what it says. What is heard carries a key, as it would come
 * again after a reconnect.
 */
export const nullAdapter: NetworkAdapter<z.infer<typeof Config>> = {
  id: 'null',
  displayName: 'Null',
  config: Config,
  voices: ['relay'],

  async open(host) {
    const waiting = new Map<string, (answer: Got) => void>();
    const client = new NetworkClient(host.config.port, {
      said: (messages) => void host.emit(messages.map(toEvent)),
      got(answers) {
        for (const answer of answers) {
          waiting.get(answer.id)?.(answer);
          waiting.delete(answer.id);
        }
      },
    });
    await client.connected();

    const message: Handler<'message'> = {
      dropsRepeats: true,
      async send({ key, action: { chat, speaker, body } }) {
        const answer = await new Promise<Got>((resolve) => {
          waiting.set(key, resolve);
          client.send({ id: key, chat, from: speaker.userId, text: body.text });
        });
        return { ids: [remoteMessageId(answer.as)] };
      },
    };
    const session: NetworkSession = { imitates: true, on: { message }, async close() {} };
    return {
      session: async () => session,
      async close() {
        client.close();
      },
    };
  },
};

const toEvent = ({ seq, chat, user, text }: Said) => ({
  kind: 'message' as const,
  id: remoteMessageId(`said-${seq}`),
  key: String(seq),
  chat: remoteChatId(chat),
  sender: remoteUserId(user),
  sentAtMs: Date.now(),
  body: { text },
});
