import { type Command, mayDecide, NOT_YOURS_TO_DECIDE } from './command.ts';

/** Links the room to a chat. */
export const bridge: Command = {
  name: 'bridge',
  usage: 'CHAT',
  summary: 'links this room to a chat of the network',
  async run(call) {
    const { context, network, portals, event, args } = call;
    const [name] = args;
    if (name === undefined) return `Say which chat: ${network.command} bridge CHAT`;
    if (!(await mayDecide(call))) return NOT_YOURS_TO_DECIDE;
    if (await context.matrix.isEncrypted(event.roomId, context.matrix.bot))
      return 'This room is encrypted. Encrypted rooms cannot be bridged yet.';
    const chat = await portals.chatOf(network.id, name);
    if (chat === undefined) return `${network.displayName} has no chat called ${name}.`;
    await portals.link({
      network: network.id,
      chat,
      roomId: event.roomId,
      origin: 'command',
      ownsRoom: false,
      creator: event.sender,
    });
    return `This room is bridged to ${chat} on ${network.displayName} now.`;
  },
};
