import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BridgeError, type Host, type NetworkAdapter } from '#adapter';
import { ApiFailure, asProvider, connect, privateKeyOf, publicJwkOf, thumbprintOf } from '#gia';
import { Config } from './config.ts';
import { failureOf } from './failures.ts';
import { Gateway } from './gateway.ts';
import { fileKeyIn } from './offer-file.ts';
import type { Site } from './site.ts';

const REFUSED_MS = 30_000;

/** @param refusedMs after how long a gatekeeper that has refused us altogether is asked again. */
export const gatekeeperWith = (refusedMs: number): NetworkAdapter<Config> => ({
  id: 'gatekeeper',
  displayName: 'Gatekeeper',
  config: Config,
  voices: ['enlisted'],
  open: async (host) => new Gateway({ ...(await opened(host)), refusedMs }),
});

/** A messenger that the Digital Markets Act has opened, over the Gatekeeper Interop API (docs/gia). */
export const gatekeeper = gatekeeperWith(REFUSED_MS);

async function opened(host: Host<Config>): Promise<Omit<Site, 'refusedMs'>> {
  const { url, domain, keyFile, keyId, caFile, operator = domain } = host.config;
  const { origin } = new URL(url);
  const key = privateKeyOf(await readPem('keyFile', keyFile));
  const provider = { domain, key, keyId: keyId ?? thumbprintOf(publicJwkOf(key)) };
  const ca = caFile === undefined ? {} : { ca: await readPem('caFile', caFile) };
  const connection = connect({ origin, ...ca }, asProvider(provider));
  try {
    const server = await connection.call('getServer', { signal: host.signal });
    if (server.origin !== origin) throw otherOrigin(origin, server.origin);
  } catch (error) {
    await connection.close();
    throw error instanceof ApiFailure ? failureOf(error) : error;
  }
  const fileKey = await fileKeyIn(host.state);
  const life = new Uint8Array(randomBytes(16));
  return { host, gatekeeper: connection, provider, audience: origin, operator, fileKey, life };
}

/** Tokens are made for the origin, so it has to be the one that the gatekeeper knows itself by. */
const otherOrigin = (ours: string, its: string) =>
  new BridgeError('not_allowed', `url: ${ours} calls itself ${its}; write that`, {
    effect: 'none',
  });

async function readPem(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new BridgeError('not_allowed', `${option}: ${path} cannot be read (${String(cause)})`, {
      effect: 'none',
      cause,
    });
  }
}
