import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import type { BridgeConfig } from '../../config/index.ts';
import { type AppserviceFace, appserviceFace } from '../../matrix/appservice/face.ts';
import type { MatrixClient } from '../../matrix/client/matrix-client.ts';
import type { Registration } from '../../matrix/registration.ts';
import type { AppserviceHandler } from '../../ports/appservice.ts';
import { MatrixError } from '../../ports/matrix.ts';
import { type Finding, fail, ok, reasonOf, warn } from './finding.ts';

const PATIENCE_MS = 3_000;

/** Whether the homeserver reaches the bridge: the one that runs, else a listener in its place. */
export async function checkPing(
  client: MatrixClient,
  { bridge }: BridgeConfig,
  registration: Registration,
): Promise<readonly Finding[]> {
  const listener = await listen(bridge.listen, registration.hsToken);
  if ('is' in listener) return [listener];
  try {
    return [listener.found, await ping(client, registration)];
  } finally {
    await listener.close();
  }
}

type Listen = BridgeConfig['bridge']['listen'];

async function listen(at: Listen, hsToken: string) {
  const face = standIn(hsToken);
  try {
    await face.listen(at);
    const found = ok(`The bridge does not run; its port ${at.port} is free`);
    return { found, close: () => face.close() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE')
      return fail(`The bridge cannot listen on ${at.host}:${at.port}: ${reasonOf(error)}`);
    if (!(await isBridge(at)))
      return fail(
        `Another program listens on ${at.host}:${at.port}: end it, or change bridge.listen.port`,
      );
    return { found: ok(`The bridge runs on ${at.host}:${at.port}`), close: async () => {} };
  }
}

/** Answers the ping and takes nothing: what the homeserver sends meanwhile it will send again. */
function standIn(hsToken: string): AppserviceFace {
  const refuse = () => Promise.reject(new Error('The bridge is not running'));
  const handler: AppserviceHandler = {
    transaction: refuse,
    passedOver: () => {},
    unreadable: refuse,
    userExists: refuse,
    aliasExists: refuse,

    shown: async () => undefined,
    served: async () => undefined,
    protocol: () => undefined,
    find: async () => [],
    pinged: () => {},
    canTake: () => true,
  };
  return appserviceFace({ hsToken, handler, log: () => {} });
}

async function isBridge({ host, port }: Listen): Promise<boolean> {
  const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const address = near.includes(':') ? `[${near}]` : near;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const { body } = await request(`http://${address}:${port}/health`, { signal });
    const answer: unknown = await body.json();
    // Not well is a bridge as well.
    return typeof (answer as { ok?: unknown } | null)?.ok === 'boolean';
  } catch {
    return false;
  }
}

async function ping(client: MatrixClient, { id, url }: Registration): Promise<Finding> {
  try {
    const { durationMs } = await client.ping(id, randomUUID());
    return ok(`The homeserver reaches the bridge at ${url} in ${durationMs} ms`);
  } catch (error) {
    return refusedPing(error, `${url}`);
  }
}

/** @see https://spec.matrix.org/v1.18/client-server-api/#post_matrixclientv1appserviceappserviceidping */
const advice: Readonly<Record<string, (url: string) => string>> = {
  M_URL_NOT_SET: () =>
    'The homeserver was given a registration without an url: give it the present one and start it again',
  M_CONNECTION_FAILED: (url) =>
    `The homeserver cannot reach the bridge at ${url}: mend bridge.url (seen from the homeserver) and bridge.listen, or open the firewall`,
  M_CONNECTION_TIMEOUT: (url) => `The bridge did not answer the homeserver in time at ${url}`,
  M_BAD_STATUS: (url) =>
    `What answers the homeserver at ${url} is not this bridge, or it was given another hs_token: give it the present registration and start it again`,
  M_FORBIDDEN: () =>
    'The homeserver knows the token under another id: give it the present registration and start it again',
};

function refusedPing(error: unknown, url: string): Finding {
  const { errcode = '', status } = error instanceof MatrixError ? error : {};
  const known = advice[errcode];
  if (known) return fail(known(url));
  if (status === 404)
    return warn('The homeserver knows no ping, so nobody can say whether it reaches the bridge');
  return fail(
    `The homeserver could not be asked whether it reaches the bridge: ${reasonOf(error)}`,
  );
}
