import { type BridgeConfig, loadAdapter } from '../config/index.ts';
import {
  newRegistration,
  placeholderRegistration,
  printRegistration,
  type RegistrationOptions,
} from '../matrix/registration.ts';
import { type Command, type Context, configFlag } from './command.ts';
import { settings } from './settings.ts';

/** Prints a registration for the homeserver. Writes nothing: the caller sends it to a file. */
export const registrationCommand: Command = {
  name: 'registration',
  summary: 'Print a registration for the homeserver, with fresh tokens',
  flags: [
    configFlag,
    { flags: '--placeholder', description: 'with tokens that no bridge accepts, as an example' },
  ],
  async run(context, input) {
    const config = await settings(context, input);
    const options = await optionsOf(config, context);
    const { asToken, hsToken } = config.secrets;
    const registration = input.options['placeholder']
      ? placeholderRegistration(options)
      : {
          ...newRegistration(options),
          ...(asToken === undefined ? {} : { asToken }),
          ...(hsToken === undefined ? {} : { hsToken }),
        };
    context.io.out(printRegistration(registration));
    return 0;
  },
};

async function optionsOf(
  { path, homeserver, bridge, networks }: BridgeConfig,
  { adapters }: Context,
): Promise<RegistrationOptions> {
  const kinds = await Promise.all(
    Object.values(networks).map(({ adapter }) =>
      loadAdapter(adapter, { adapters, configPath: path }),
    ),
  );
  return {
    id: bridge.prefix.replace(/_$/, ''),
    url: bridge.url,
    prefix: bridge.prefix,
    serverName: homeserver.serverName,
    networks: Object.keys(networks),
    protocols: [...new Set(kinds.map(({ id }) => id))],
  };
}
