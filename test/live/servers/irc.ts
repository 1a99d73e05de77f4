import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../support/free-port.ts';
import { ServerProcess } from '../support/server-process.ts';
import { temporaryDir } from '../support/temporary-dir.ts';
import { libraryPath } from './debian.ts';

/** A real IRC server of its own, on this machine only. It forgets everything when it stops. */
export interface IrcServer {
  readonly port: number;
  readonly tlsPort?: number;
  readonly process: ServerProcess;
  stop(): Promise<void>;
}

export interface IrcServerOptions {
  /** Where `provide` has put it. */
  readonly root: string;
  /**
   * What it does about a client that talks too fast. `none`: nothing. `default`: as an unchanged
   * server does, which slows it down. `strict`: it throws it out.
   */
  readonly flood?: 'none' | 'default' | 'strict';
  /** New channels keep what was said (`+H`), and give it to whoever joins. Only inspircd can. */
  readonly history?: boolean;
  /** Also listens with TLS, with this key and certificate (PEM files). Only inspircd, here. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** So many from this machine. Only inspircd, here. */
  readonly connections?: number;
  /** Wants to be talked to over TLS alone (STS), and by the name of `localhost`. Only inspircd, here. */
  readonly sts?: boolean;
  /** Asks whose a connection is (RFC 1413), on port 113. Only inspircd, here. */
  readonly ident?: boolean;
  /** Shows the addresses that clients with this password name. Only inspircd, here. */
  readonly webirc?: string;
  /** Lets in so many connections within two seconds, then for two seconds none. Only inspircd, here. */
  readonly throttle?: number;
  /** Another server may link here, and this one to it (`CONNECT`, `SQUIT`). Only inspircd, here. */
  readonly peer?: PeerLink;
  /** Services may link here, and prove accounts. Only inspircd, here. */
  readonly services?: { readonly port: number; readonly name: string; readonly password: string };
}

/** How two servers know each other. */
export interface PeerLink {
  readonly name: string;
  readonly port: number;
  readonly peer: { readonly name: string; readonly port: number };
}

/** Both ends of a link between two servers. */
export async function peerLinks(): Promise<readonly [PeerLink, PeerLink]> {
  const here = { name: 'a.test', port: await freePort() };
  const there = { name: 'b.test', port: await freePort() };
  return [
    { ...here, peer: there },
    { ...there, peer: here },
  ];
}

/** Who may become an operator, by `OPER oper operpw`. */
const operator = { name: 'oper', password: 'operpw' };

export async function startInspircd(options: IrcServerOptions): Promise<IrcServer> {
  const { root, tls } = options;
  const ports = { port: await freePort(), ...(tls && { tlsPort: await freePort() }) };
  const dir = await temporaryDir('inspircd');
  const config = join(dir, 'inspircd.conf');
  await writeFile(config, inspircdConfig(options, ports, dir));
  const asRoot = process.getuid?.() === 0 ? ['--runasroot'] : [];
  return started(ports, {
    program: join(root, 'usr/sbin/inspircd'),
    args: ['--nofork', '--nopid', ...asRoot, '--config', config],
    cwd: dir,
    root,
  });
}

export async function startNgircd(options: IrcServerOptions): Promise<IrcServer> {
  const { root } = options;
  const port = await freePort();
  const dir = await temporaryDir('ngircd');
  const config = join(dir, 'ngircd.conf');
  await writeFile(config, ngircdConfig(options, port));
  return started(
    { port },
    {
      program: join(root, 'usr/sbin/ngircd'),
      args: ['-n', '-f', config],
      cwd: dir,
      root,
    },
  );
}

interface Ports {
  readonly port: number;
  readonly tlsPort?: number;
}

interface Program {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly root: string;
}

async function started(ports: Ports, { root, ...program }: Program): Promise<IrcServer> {
  const server = new ServerProcess({
    ...program,
    env: { LD_LIBRARY_PATH: await libraryPath(root) },
    logFile: join(program.cwd, 'printed.log'),
    isReady: () => answers(ports.port),
    readyWithinMs: 20_000,
  });
  await server.start();
  return { ...ports, process: server, stop: () => server.kill() };
}

/** It listens before it serves, so it must have said something. */
const answers = (port: number) => offers(port, '');

/** Whether what it says to the question for its capabilities has a word in it. */
export function offers(port: number, word: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('CAP LS 302\r\n'));
    let said = '';
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('data', (bytes) => {
      said += bytes;
      if (word !== '' && !said.includes(' LS ')) return;
      resolve(said.includes(word));
      socket.destroy();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(false));
  });
}

const inspircdModules = [
  ...['cap', 'ircv3', 'ircv3_accounttag', 'ircv3_batch', 'ircv3_capnotify', 'ircv3_chghost'],
  ...['ircv3_ctctags', 'ircv3_echomessage', 'ircv3_labeledresponse', 'ircv3_msgid'],
  ...['ircv3_servertime', 'namesx', 'uhnames', 'chghost', 'sanick', 'chanhistory', 'servprotect'],
  ...['blockcolor', 'stripcolor'],
];

/** What Atheme insists on, and what it proves accounts with. */
const servicesModules = [
  ...['spanningtree', 'services_account', 'sasl', 'deaf', 'hideoper', 'svshold'],
];

const inspircdFlood: Readonly<Record<NonNullable<IrcServerOptions['flood']>, string>> = {
  none: 'threshold="100000" commandrate="100000" fakelag="no"',
  default: '',
  strict: 'threshold="10" commandrate="1000" fakelag="no"',
};

interface Extra {
  readonly modules: readonly string[];
  readonly tags?: string;
}

/** What is asked for beside what every server of ours has. */
function inspircdExtras(options: IrcServerOptions, tlsPort: number | undefined): readonly Extra[] {
  const { tls, sts, ident, webirc, services, peer, throttle } = options;
  const extras: readonly (Extra | false | undefined)[] = [
    tls && {
      modules: ['ssl_gnutls', 'sslinfo'],
      tags: `<sslprofile name="tls" provider="gnutls" certfile="${tls.cert}" keyfile="${tls.key}" hash="sha256"
 requestclientcert="yes">
<bind address="127.0.0.1" port="${tlsPort}" type="clients" sslprofile="tls">`,
    },
    sts && {
      modules: ['ircv3_sts'],
      tags: `<sts host="localhost" port="${tlsPort}" duration="5m">`,
    },
    ident && { modules: ['ident'] },
    webirc !== undefined && {
      modules: ['cgiirc'],
      tags: `<cgihost type="webirc" mask="127.0.0.1" password="${webirc}">`,
    },
    throttle !== undefined && {
      modules: ['connflood'],
      tags: `<connflood period="2" maxconns="${throttle}" timeout="2" bootwait="0"
 quitmsg="Throttled: too many connections at once">`,
    },
    peer && {
      modules: ['spanningtree'],
      tags: `<bind address="127.0.0.1" port="${peer.port}" type="servers">
<link name="${peer.peer.name}" ipaddr="127.0.0.1" port="${peer.peer.port}" allowmask="127.0.0.1"
 sendpass="linkpw" recvpass="linkpw">`,
    },
    services && {
      modules: servicesModules,
      tags: `<bind address="127.0.0.1" port="${services.port}" type="servers">
<sasl target="${services.name}">
<link name="${services.name}" ipaddr="127.0.0.1" port="${services.port}" allowmask="127.0.0.1"
 sendpass="${services.password}" recvpass="${services.password}">
<uline server="${services.name}" silent="yes">`,
    },
  ];
  return extras.filter((extra): extra is Extra => extra !== undefined && extra !== false);
}

function inspircdConfig(options: IrcServerOptions, { port, tlsPort }: Ports, dir: string): string {
  const { root, flood = 'none', history = false, connections = 2000 } = options;
  const extras = inspircdExtras(options, tlsPort);
  const modules = [...inspircdModules, ...extras.flatMap((extra) => extra.modules)];
  return `<config format="xml">
<path configdir="${dir}" datadir="${dir}" logdir="${dir}" runtimedir="${dir}"
 moduledir="${root}/usr/lib/inspircd/modules">
<server name="${options.peer?.name ?? 'irc.test'}" description="a test" network="TestNet">
<admin name="t" nick="t" email="t@irc.test">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect name="all" allow="*" timeout="30" pingfreq="120" ${inspircdFlood[flood]}
 recvq="1048576" softsendq="1048576" hardsendq="4194304" localmax="${connections}" globalmax="${connections}"
 resolvehostnames="no" maxchans="1000" useident="${options.ident ? 'yes' : 'no'}">
<class name="all" commands="*" privs="*" usermodes="*" chanmodes="*" snomasks="*">
<type name="All" classes="all">
<oper name="${operator.name}" password="${operator.password}" host="*@*" type="All">
<dns server="127.0.0.1" sourceip="127.0.0.1" timeout="1">
<performance nouserdns="yes" somaxconn="1024">
<options defaultmodes="${history ? 'notH 500:1h' : 'not'}">
<cidr ipv4clone="32" ipv6clone="128">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="ircd.log">
<chanhistory maxlines="1000" maxduration="1w" prefixmsg="no" bots="yes">
${modules.map((name) => `<module name="${name}">`).join('\n')}
${extras.map(({ tags = '' }) => tags).join('\n')}
`;
}

function ngircdConfig({ flood = 'none' }: IrcServerOptions, port: number): string {
  return `[Global]
Name = irc.test
Info = a test
Listen = 127.0.0.1
Ports = ${port}
AdminInfo1 = test
MotdPhrase = "hi"
PidFile =
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnectionsIP = 0
MaxConnections = 0
MaxJoins = 0
MaxNickLength = 30
${flood === 'none' ? 'MaxPenaltyTime = 0' : ''}
PingTimeout = 120
[Options]
DNS = no
Ident = no
PAM = no
ChrootDir =
OperCanUseMode = yes
MorePrivacy = no
SyslogFacility = local1
[Operator]
Name = ${operator.name}
Password = ${operator.password}
`;
}
