import { generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { anonymous, connect, publicJwkOf, thumbprintOf } from '../../../gia/index.ts';
import { run } from '../servers/run.ts';
import { built } from './build.ts';
import { freePort } from './free-port.ts';
import { ServerProcess } from './server-process.ts';

export const gatekeeperDomain = 'alicechat.example';

/** AliceChat as its operator runs it: a process of its own, over TLS, with a folder that survives it. */
export interface GatekeeperProcess {
  readonly origin: string;
  /** PEM file: whom to trust. It is there once the gatekeeper has run. */
  readonly caFile: string;
  readonly process: ServerProcess;
  /** Runs its command line beside it. */
  command(...args: readonly string[]): Promise<string>;
}

/** @param media a domain of files that is on this machine, and the PEM file of whom to trust there */
export async function makeGatekeeper(
  dir: string,
  media?: { readonly domain: string; readonly caFile: string },
): Promise<GatekeeperProcess> {
  await mkdir(dir, { recursive: true });
  const port = await freePort();
  const main = await built('gatekeeper/main.js');
  const data = join(dir, 'data');
  const about = ['--data', data, '--domain', gatekeeperDomain];
  const process_ = new ServerProcess({
    program: process.execPath,
    args: [
      main,
      ...about,
      'serve',
      '--port',
      String(port),
      ...(media ? ['--here', media.domain] : []),
    ],
    ...(media && { env: { ...process.env, NODE_EXTRA_CA_CERTS: media.caFile } }),
    logFile: join(dir, 'gatekeeper.log'),
    isReady: () => listens(port),
  });
  return {
    origin: `https://localhost:${port}`,
    caFile: join(data, 'test-cert.pem'),
    process: process_,
    command: (...args) => run(process.execPath, [main, ...about, ...args]),
  };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** A user of its own; @returns the password. */
export async function addUser(gatekeeper: GatekeeperProcess, name: string): Promise<string> {
  const said = await gatekeeper.command('user', 'add', name);
  const password = /password[^:]*: *(\S+)/i.exec(said)?.[1];
  if (password === undefined) throw new Error(`no password in: ${said}`);
  return password;
}

/** Asks to be connected, and is approved. @returns the options of the adapter. */
export async function connectProvider(
  gatekeeper: GatekeeperProcess,
  {
    domain,
    dir,
    mediaDomains = [],
  }: {
    readonly domain: string;
    readonly dir: string;
    readonly mediaDomains?: readonly string[];
  },
) {
  await mkdir(dir, { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  const keyFile = join(dir, 'gatekeeper-key.pem');
  await writeFile(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  const jwk = publicJwkOf(privateKey);
  const { origin, caFile } = gatekeeper;
  const line = connect({ origin, ca: await readFile(caFile, 'utf8') }, anonymous);
  await line.call('requestAccess', {
    body: {
      ...{ domain, name: domain, contacts: [`ops@${domain}`], functions: ['dm', 'dm.files'] },
      security_equivalence: { suites: ['mls10/1', 'e2b/1'], audits: [] },
      media_domains: [...mediaDomains],
      jwks: { keys: [{ ...jwk, kid: thumbprintOf(jwk) }] },
    },
  });
  await line.close();
  await gatekeeper.command('provider', 'approve', domain, '--trust-auth', '--bridges-only');
  return { url: origin, domain, keyFile, caFile };
}
