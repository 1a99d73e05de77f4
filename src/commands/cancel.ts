import type { Command } from './command.ts';

/** Gives up a login that is under way. */
export const cancel: Command = {
  name: 'cancel',
  usage: '',
  summary: 'gives up the login that is under way',
  run: async ({ dialogs, event }) =>
    dialogs.cancel(event) ? 'The login was given up.' : 'Nothing is under way here.',
};
