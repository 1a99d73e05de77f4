import { type Command, mayDecide, NOT_YOURS_TO_DECIDE } from './command.ts';

/** Undoes a link of the room. */
export const unbridge: Command = {
  name: 'unbridge',
  usage: '[CHAT]',
  summary: 'undoes the link of this room to a chat',
  async run(call) {
    const { context, network, portals, event, args } = call;
    if (!(await mayDecide(call))) return NOT_YOURS_TO_DECIDE;
    const all = await context.storage.portals.ofRoom(event.roomId);
    const here = all.filter((portal) => portal.network === network.id);
    const [name] = args;
    const chosen = name === undefined ? here : here.filter(({ chat }) => chat === name);
    const [portal, ...others] = chosen;
    if (!portal)
      return name === undefined
        ? `This room is not bridged to ${network.displayName}.`
        : `This room is not bridged to ${name}.`;
    if (others.length > 0)
      return `Say which: ${here.map(({ chat }) => `${network.command} unbridge ${chat}`).join(' or ')}`;
    await portals.unlink(portal);
    const remark =
      portal.origin === 'config'
        ? ' The config still names it: it comes back at the next start.'
        : '';
    return `This room is no longer bridged to ${portal.chat} on ${network.displayName}.${remark}`;
  },
};
