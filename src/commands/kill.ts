import type { Command } from './command.ts';
import { killInWords } from './user-in-words.ts';

/** Closes what somebody has open on the network of the command. */
export const kill: Command = {
  name: 'kill',
  usage: '@NAME:SERVER [REASON]',
  summary: 'closes what a Matrix user has open here, until they next speak',
  adminsOnly: true,
  async run({ operate, network, rest, args: [user = ''] }) {
    const reason = rest.slice(user.length).trim();
    const asked = { user, network: network.id, ...(reason !== '' && { reason }) };
    const { closed } = (await operate('kill', asked)) as { readonly closed: readonly string[] };
    return killInWords(user, closed);
  },
};
