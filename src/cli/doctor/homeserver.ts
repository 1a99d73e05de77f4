import type { BridgeConfig } from '../../config/index.ts';
import type { MatrixClient } from '../../matrix/client/matrix-client.ts';
import type { Registration } from '../../matrix/registration.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { type Finding, fail, ok, reasonOf } from './finding.ts';

/** Whether it is a Matrix homeserver, the one that the config names, and knows us. */
export async function checkHomeserver(
  client: MatrixClient,
  config: BridgeConfig,
  registration: Registration,
): Promise<readonly Finding[]> {
  try {
    const { versions } = await client.versions();
    return [ok(speaks(config, versions)), await checkToken(client, config, registration)];
  } catch (error) {
    return [fail(`The homeserver does not answer as one: ${reasonOf(error)}`)];
  }
}

const speaks = ({ homeserver }: BridgeConfig, versions: readonly string[]) =>
  `The homeserver at ${homeserver.url} answers (Matrix ${versions.at(-1) ?? 'of unknown version'})`;

async function checkToken(
  client: MatrixClient,
  { homeserver: { serverName }, bridge }: BridgeConfig,
  { senderLocalpart }: Registration,
): Promise<Finding> {
  try {
    const found = await client.whoami();
    const expected = `@${senderLocalpart}:${serverName}`;
    return found === expected
      ? ok('The homeserver knows the as_token')
      : fail(`The homeserver takes us for ${found}, not ${expected}: mend homeserver.serverName`);
  } catch (error) {
    if (!(error instanceof MatrixError) || error.kind !== 'token')
      return fail(`The homeserver did not say who we are: ${reasonOf(error)}`);
    return fail(
      `The homeserver does not know the as_token: give it ${bridge.registrationFile} (Synapse: app_service_config_files) and start it again`,
    );
  }
}
