import { type BridgeConfig, ConfigError } from '../config/index.ts';
import { matrixClient } from '../matrix/client/matrix-client.ts';
import { botLocalpart, type Registration } from '../matrix/registration.ts';
import { type Command, type Context, configFlag, type Input, UsageError } from './command.ts';
import { checkAddress } from './doctor/clock.ts';
import { checkDataDir } from './doctor/data-dir.ts';
import { type Finding, fail, ok } from './doctor/finding.ts';
import { checkHomeserver } from './doctor/homeserver.ts';
import { checkPing } from './doctor/ping.ts';
import { checkPolicyRooms } from './doctor/policy-rooms.ts';
import { usableRegistration } from './registration-file.ts';
import { settings } from './settings.ts';

/** Looks at the whole installation. What rests on something that failed is not looked at. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Look for what keeps the bridge from working, and say what to do',
  flags: [configFlag],
  async run(context, input) {
    let failures = 0;
    for await (const { is, text } of examine(context, input)) {
      context.io.out(`${is.padEnd(4)}  ${text}`);
      if (is === 'fail') failures += 1;
    }
    return failures === 0 ? 0 : 1;
  },
};

async function* examine(context: Context, input: Input): AsyncIterable<Finding> {
  const config = await told(settings(context, input));
  if ('findings' in config) return yield* config.findings;
  const networks = Object.keys(config.networks).join(', ');
  yield ok(`The config ${config.path} is in order (${networks})`);
  yield* await checkDataDir(config);
  const registration = await told(usableRegistration(config));
  if ('findings' in registration) return yield* registration.findings;
  yield ok(`The registration ${config.bridge.registrationFile} fits it`);
  yield* examineHomeserver(config, registration);
}

async function* examineHomeserver(
  config: BridgeConfig,
  registration: Registration,
): AsyncIterable<Finding> {
  const { url, serverName } = config.homeserver;
  const address = await checkAddress(url);
  yield* address;
  if (hasFailed(address)) return;
  const client = matrixClient({
    url,
    serverName,
    asToken: registration.asToken,
    bot: `@${botLocalpart(config.bridge.prefix)}:${serverName}`,
    log: () => {},
  });
  try {
    const homeserver = await checkHomeserver(client, config, registration);
    yield* homeserver;
    if (hasFailed(homeserver)) return;
    yield* await checkPing(client, config, registration);
    yield* await checkPolicyRooms(client, config);
  } finally {
    await client.close();
  }
}

const hasFailed = (findings: readonly Finding[]) => findings.some(({ is }) => is === 'fail');

/** What somebody has to mend is a finding, and not the end of the command. */
async function told<T extends object>(
  work: Promise<T>,
): Promise<T | { readonly findings: readonly Finding[] }> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof UsageError)) throw error;
    return { findings: error.message.split('\n').map(fail) };
  }
}
