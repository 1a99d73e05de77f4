import type { UserState } from '../engine/overseer.ts';
import { preformatted } from './answer.ts';
import type { Command } from './command.ts';
import { userInWords } from './user-in-words.ts';

/** Says of somebody on Matrix what the bridge has of them. */
export const user: Command = {
  name: 'user',
  usage: '@NAME:SERVER',
  summary: 'says what the bridge has of a Matrix user, on all networks',
  adminsOnly: true,
  async run({ operate, args, context }) {
    const state = (await operate('user', { user: args[0] })) as UserState;
    return preformatted(userInWords(state, context.clock.now()));
  },
};
