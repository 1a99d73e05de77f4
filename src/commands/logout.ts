import type { Command } from './command.ts';

/** Gives the sender's own account up. */
export const logout: Command = {
  name: 'logout',
  usage: '',
  summary: 'gives up your own account here',
  async run({ network, logins, event }) {
    const row = await logins.of(network.id, event.sender);
    if (!row) return `You are not logged in to ${network.displayName}.`;
    await logins.out(row);
    return `You are logged out of ${network.displayName}, and all that was kept for it here is gone.`;
  },
};
