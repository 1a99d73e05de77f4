import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBridge, prefix } from '../live/support/bridge.ts';
import { built } from '../live/support/build.ts';
import { freePort } from '../live/support/free-port.ts';
import { ServerProcess } from '../live/support/server-process.ts';
import { startHomeserver } from './homeservers.ts';
import { MatrixSide } from './matrix-side.ts';
import type { Certainty, HomeserverKind } from './options.ts';
import { RemoteSide } from './remote-side.ts';

export const chats = ['ch-1', 'ch-2', 'ch-3', 'ch-4'];
/** Dora speaks with an account of her own, Carl and Cora through the relay, the others are enlisted. */
const matrixPeople = ['anna', 'bert', 'carl', 'cora', 'dora'];
export const ownAccount = 'dora';
const relayed = ['carl', 'cora'];
const remotePeople = ['xena', 'yuri', 'zoe'];
const serverName = 'hs.test';
const botToken = 'crash-bot';
/** The network takes no longer line: longer messages become several. */
export const lineBytes = 120;

/** A homeserver, a network and the bridge between them, each a process of its own. */
export interface Site {
  readonly dir: string;
  /** The bridge's, on Matrix. */
  readonly bot: string;
  readonly matrix: MatrixSide;
  readonly remote: RemoteSide;
  readonly homeserver: ServerProcess;
  readonly network: ServerProcess;
  readonly bridge: ServerProcess;
  /** What the bridge itself says is still to be done. */
  queue(): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

export interface SiteOptions {
  readonly certainty: Certainty;
  readonly homeserver: HomeserverKind;
  /** What the bridge's Node is told. */
  readonly nodeArgs?: readonly string[];
  /** The network takes lines of any length. */
  readonly mayBeLong?: boolean;
}

/** Sets everything up; the two servers run, the bridge does not yet. */
export async function makeSite(dir: string, of: SiteOptions): Promise<Site> {
  const { certainty, nodeArgs = [] } = of;
  await mkdir(join(dir, 'network'), { recursive: true });
  const homeserverPort = await freePort();
  const networkPort = await freePort();
  const options = { url: urlOf(networkPort), botToken, certainty };
  const loop = {
    adapter: 'loopback',
    command: '!loop',
    voices: ['login', 'enlisted', 'relay'],
    options,
  };
  const bridge = await makeBridge({
    homeserverUrl: urlOf(homeserverPort),
    serverName,
    networks: { loop },
    permissions: { '*': 'use', ...Object.fromEntries(relayed.map((who) => [idOf(who), 'relay'])) },
    dir: join(dir, 'bridge'),
    nodeArgs,
  });
  const remote = new RemoteSide(urlOf(networkPort), join(dir, 'network'));
  const { process: homeserver, events } = await startHomeserver(of.homeserver, {
    ...{ serverName, dir: join(dir, 'homeserver'), port: homeserverPort },
    registrationFile: bridge.registrationFile,
  });
  const matrix = new MatrixSide(urlOf(homeserverPort), events, prefix);
  const network = await networkProcess(dir, networkPort, { ...of, remote });
  await network.start();
  for (const person of matrixPeople) await matrix.enter(person, chats);
  for (const person of remotePeople) await remote.enter(person, chats);
  const portals = [...matrix.rooms].map(([chat, room]) => ({ chat: `#${chat}`, room }));
  await bridge.configure({ loop: { ...loop, portals } });
  const servers = [bridge.process, homeserver, network];
  return {
    ...{
      dir,
      bot: idOf(`${prefix}bot`),
      matrix,
      remote,
      homeserver,
      network,
      bridge: bridge.process,
    },
    queue: async () => itemsOf(await bridge.command('queue', '--json')),
    stop: async () => {
      for (const server of servers) server.resume();
      await Promise.all(servers.map((server) => server.kill()));
    },
  };
}

const idOf = (localpart: string) => `@${localpart}:${serverName}`;
const urlOf = (port: number) => `http://127.0.0.1:${port}`;

async function networkProcess(
  dir: string,
  port: number,
  { certainty, mayBeLong, remote }: SiteOptions & { readonly remote: RemoteSide },
): Promise<ServerProcess> {
  return new ServerProcess({
    program: process.execPath,
    args: [
      await built('src/testing/loopback-network/main.js'),
      ...['--port', String(port), '--dir', join(dir, 'network')],
      ...['--certainty', certainty, '--bot-token', botToken],
      ...(mayBeLong ? [] : ['--max-line-bytes', String(lineBytes)]),
    ],
    logFile: join(dir, 'network/network.log'),
    isReady: () => remote.isThere(),
  });
}

/** One item in each line, or one list. */
export function itemsOf(printed: string): unknown[] {
  const text = printed.trim();
  if (text === '') return [];
  return text.startsWith('[') ? JSON.parse(text) : text.split('\n').map((line) => JSON.parse(line));
}
