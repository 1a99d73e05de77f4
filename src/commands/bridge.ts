import type { RemoteChatId } from '../model/remote-ids.ts';
import { type Call, type Command, mayDecide, NOT_YOURS_TO_DECIDE } from './command.ts';

/** Links the room to a chat, where the network wants it so with the word of somebody there. */
export const bridge: Command = {
  name: 'bridge',
  usage: 'CHAT [WHO]',
  summary: 'links this room to a chat of the network; WHO is asked there, where somebody must be',
  async run(call) {
    const { networks, network, portals, questions, args } = call;
    const [name, whom] = args;
    if (name === undefined) return `Say which chat: ${network.command} bridge CHAT`;
    const why = await whyNot(call);
    if (why !== undefined) return why;
    const chat = await portals.chatOf(network.id, name);
    if (chat === undefined) return `${network.displayName} has no chat called ${name}.`;
    const of = networks.get(network.id);
    const ask = of.askToLink?.bind(of);
    if (!ask || (await isLinked(call, chat))) return link(call, chat);
    // Who may decide about the room may have changed meanwhile.
    const agreed = async () => (await whyNot(call)) ?? link(call, chat);
    return questions.put(call, { network: network.id, chat, whom, ask, agreed });
  },
};

/** What speaks against a link on this side. */
async function whyNot(call: Call): Promise<string | undefined> {
  const { matrix } = call.context;
  if (!(await mayDecide(call))) return NOT_YOURS_TO_DECIDE;
  return (await matrix.isEncrypted(call.event.roomId, matrix.bot))
    ? 'This room is encrypted. Encrypted rooms cannot be bridged yet.'
    : undefined;
}

async function isLinked({ context, network, event }: Call, chat: RemoteChatId): Promise<boolean> {
  const there = await context.storage.portals.ofChat(network.id, { chat });
  return there.some(({ roomId }) => roomId === event.roomId);
}

async function link({ network, portals, event }: Call, chat: RemoteChatId): Promise<string> {
  await portals.link({
    network: network.id,
    chat,
    roomId: event.roomId,
    origin: 'command',
    ownsRoom: false,
    creator: event.sender,
  });
  return `This room is bridged to ${chat} on ${network.displayName} now.`;
}
