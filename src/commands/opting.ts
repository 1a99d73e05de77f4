import { leaveAll } from '../engine/leave-all.ts';
import type { Command } from './command.ts';

/** Nothing that the sender says is passed on any more. */
export const optout: Command = {
  name: 'optout',
  usage: '',
  summary: 'passes nothing on that you say, in any room',
  forEverybody: true,
  async run({ context, network, voices, event }) {
    await context.optedOut.set(network.id, event.sender, true);
    // There may be many chats to leave, and the messages of this room wait for the answer.
    void leaveAll(context, voices, network.id, event.sender).catch((error: unknown) =>
      context.log('warn', 'Somebody who opted out is still on a network', {
        ...{ network: network.id, user: event.sender, error: String(error) },
      }),
    );
    return `What you say is not passed on to ${network.displayName} any more, and you leave it. What was passed on before stays there. Say “${network.command} optin” to be passed on again.`;
  },
};

/** It is again. */
export const optin: Command = {
  name: 'optin',
  usage: '',
  summary: 'passes on again what you say',
  forEverybody: true,
  async run({ context, network, event }) {
    await context.optedOut.set(network.id, event.sender, false);
    return `What you say is passed on to ${network.displayName} again.`;
  },
};
