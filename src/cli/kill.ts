import { killInWords } from '../commands/user-in-words.ts';
import { type Command, configFlag } from './command.ts';
import { askRunning } from './running.ts';
import { settings } from './settings.ts';

interface Closed {
  readonly closed: readonly string[];
}

/** Closes what a Matrix user has open. It keeps nobody out. */
export const killCommand: Command = {
  name: 'kill',
  summary: 'Close what a Matrix user has open, until they next speak',
  needs: ['user'],
  mayHave: ['network'],
  flags: [
    configFlag,
    { flags: '--reason <words>', description: 'what is said of it, where the network shows that' },
  ],
  async run(context, input) {
    const [user = '', network] = input.args;
    const config = await settings(context, input);
    const asked = { user, network, reason: input.options['reason'] };
    const { closed } = await askRunning<Closed>(config, 'kill', asked);
    context.io.out(killInWords(user, closed));
    return 0;
  },
};
