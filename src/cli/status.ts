import { type State, stateInWords } from '../commands/state-in-words.ts';
import { type Command, configFlag, jsonFlag } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

/** Says of each network how it stands now, and what else an operator should know. */
export const statusCommand: Command = {
  name: 'status',
  summary: 'Say how the bridge that runs and its networks stand',
  flags: [configFlag, jsonFlag],
  async run(context, input) {
    const state = await askRunning<State>(await settings(context, input), 'state');
    const { out } = context.io;
    if (input.options['json'] === true) out(JSON.stringify(state, null, 2));
    else for (const line of stateInWords(state, Date.now())) out(line);
    return 0;
  },
};
