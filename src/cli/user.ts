import { userInWords } from '../commands/user-in-words.ts';
import type { UserState } from '../engine/overseer.ts';
import { type Command, configFlag, jsonFlag } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

/** Says of somebody on Matrix what the bridge that runs has of them. */
export const userCommand: Command = {
  name: 'user',
  summary: 'Say what the bridge that runs has of a Matrix user: voices, what waits, permission',
  needs: ['user'],
  flags: [configFlag, jsonFlag],
  async run(context, input) {
    const [user] = input.args;
    const state = await askRunning<UserState>(await settings(context, input), 'user', { user });
    const { out } = context.io;
    if (input.options['json'] === true) out(JSON.stringify(state, null, 2));
    else for (const line of userInWords(state, Date.now())) out(line);
    return 0;
  },
};
