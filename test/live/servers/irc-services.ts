import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { ServerProcess } from '../support/server-process.ts';
import { temporaryDir } from '../support/temporary-dir.ts';
import { libraryPath } from './debian.ts';
import { type IrcServer, type IrcServerOptions, offers, startInspircd } from './irc.ts';

export interface IrcAccount {
  readonly name: string;
  readonly password: string;
  /** Of a certificate that proves it too: SHA-256 of its DER, in hexadecimal digits. */
  readonly fingerprint?: string;
}

const link = { name: 'services.test', password: 'linkpw' };

/** An inspircd with Atheme: NickServ, ChanServ, and accounts that are there from the start. */
export async function startWithServices(
  options: IrcServerOptions & { readonly athemeRoot: string },
  accounts: readonly IrcAccount[],
): Promise<IrcServer & { readonly services: ServerProcess }> {
  const port = await freePort();
  const server = await startInspircd({ ...options, services: { ...link, port } });
  const dir = await temporaryDir('atheme');
  const config = join(dir, 'atheme.conf');
  await writeFile(config, athemeConfig(await modulesOf(options.athemeRoot), port));
  await writeFile(join(dir, 'services.db'), database(accounts));
  const files = ['-c', config, '-D', dir, '-p', join(dir, 'pid'), '-l', join(dir, 'log')];
  const services = new ServerProcess({
    program: join(options.athemeRoot, 'usr/bin/atheme-services'),
    args: ['-n', ...files],
    cwd: dir,
    env: { LD_LIBRARY_PATH: await libraryPath(options.athemeRoot) },
    logFile: join(dir, 'printed.log'),
    // The server offers to prove accounts only while they are linked.
    isReady: () => offers(server.port, 'sasl'),
    readyWithinMs: 20_000,
  });
  await services.start();
  const stop = async () => {
    await services.kill();
    await server.stop();
  };
  return { ...server, services, stop };
}

/** Named by their whole path, and those that others need first: its own folder for them is not there. */
const MODULES = [
  ...['protocol/base36uid', 'transport/rfc1459', 'backend/corestorage'],
  ...['protocol/inspircd', 'protocol/mixin_noholdnick', 'backend/opensex', 'crypto/pbkdf2v2'],
  ...['nickserv/main', 'nickserv/identify', 'nickserv/cert'],
  ...['saslserv/main', 'saslserv/plain', 'saslserv/external'],
];

const service = (name: string) =>
  `${name.toLowerCase()} { nick = "${name}"; user = "${name}"; host = "${link.name}"; real = "${name}"; };`;

/** Below the name of the machine's kind. */
async function modulesOf(root: string): Promise<string> {
  const kinds = await readdir(join(root, 'usr/lib'));
  const kind = kinds.find((name) => name.endsWith('-linux-gnu')) ?? '';
  return join(root, 'usr/lib', kind, 'atheme/modules');
}

const athemeConfig = (modules: string, port: number) => `
${MODULES.map((name) => `loadmodule "${modules}/${name}";`).join('\n')}
serverinfo { name = "${link.name}"; desc = "a test"; numeric = "00A"; recontime = 1; netname = "TestNet";
 hidehostsuffix = "users.test"; adminname = "t"; adminemail = "t@irc.test"; registeremail = "t@irc.test";
 loglevel = { error; info; network; }; maxlogins = 50; maxusers = 0; auth = none; casemapping = rfc1459; };
uplink "irc.test" { host = "127.0.0.1"; port = ${port}; password = "${link.password}"; };
${service('NickServ')}
${service('SaslServ')}
general { commit_interval = 5; default_clone_allowed = 10000; flood_msgs = 0; ratelimit_uses = 0; };
`;

/** Passwords in clear are hashed at their first use. */
function database(accounts: readonly IrcAccount[]): string {
  const rows = accounts.flatMap(({ name, password, fingerprint }, index) => [
    `MU AAAAAAA${String(index).padStart(2, '0')} ${name} ${password} ${name}@irc.test 1795187533 1795187533 + default`,
    `MN ${name} ${name} 1795187533 1795187533`,
    ...(fingerprint === undefined ? [] : [`MCFP ${name} ${fingerprint}`]),
  ]);
  return ['DBV 12', 'LUID AAAAAAAAA', 'CF +AFHORVabefhioqrstv', ...rows, ''].join('\n');
}
