import { type Command, configFlag } from './command.ts';
import { settings } from './settings.ts';

/** Says whether the config holds together, without starting anything. */
export const configCheck: Command = {
  name: 'config check',
  summary: 'Say everything that is wrong with the config',
  flags: [configFlag],
  async run(context, input) {
    const config = await settings(context, input);
    const networks = Object.entries(config.networks).map(
      ([id, { adapter, voices }]) => `${id} (${adapter}: ${voices.join(', ')})`,
    );
    context.io.out(`${config.path} is in order: ${networks.join('; ')}`);
    return 0;
  },
};
