import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newRegistration, printRegistration } from '../../../src/matrix/registration.ts';
import {
  type DevHomeserver,
  startDevHomeserver,
} from '../../../src/testing/dev-homeserver/index.ts';
import { startLoopbackNetwork } from '../../../src/testing/loopback-network/index.ts';
import { configText, prefix } from '../../live/support/bridge.ts';
import { freePort } from '../../live/support/free-port.ts';
import { ServerProcess } from '../../live/support/server-process.ts';
import { devEvents } from '../event-log.ts';
import { MatrixSide } from '../matrix-side.ts';
import type { Certainty } from '../options.ts';
import { RemoteSide } from '../remote-side.ts';
import { Lives, type MakeLife } from './lives.ts';

const serverName = 'hs.test';
export const appserviceId = 'drawbridge';
const botToken = 'crash-bot';
export const lineBytes = 120;
export const chat = 'ch-1';
export const idOf = (localpart: string) => `@${localpart}:${serverName}`;
export const bot = idOf(`${prefix}bot`);
export const ghostOf = (id: string) => idOf(`${prefix}loop_${id}`);

/** Where a bridge listens, and how homeservers know it: for many runs, one after the other. */
export interface Place {
  readonly port: number;
  readonly registration: string;
}

export async function makePlace(): Promise<Place> {
  const port = await freePort();
  const registration = newRegistration({
    ...{ id: appserviceId, url: urlOf(port), prefix, serverName },
    networks: ['loop'],
    protocols: ['loopback'],
  });
  return { port, registration: printRegistration(registration) };
}

/** A homeserver and a network in this process, and a bridge in one of its own. */
export interface Stage {
  readonly matrix: MatrixSide;
  readonly remote: RemoteSide;
  readonly homeserver: DevHomeserver;
  readonly lives: Lives;
  /** Links chats and rooms in the config, before the first life. */
  link(portals: readonly { readonly chat: string; readonly room: string }[]): Promise<void>;
  end(): Promise<void>;
}

/** What is played. */
export interface Setting {
  readonly certainty: Certainty;
  /** The program, which knows moments. */
  readonly bridge: string;
}

export async function setStage(
  dir: string,
  place: Place,
  { certainty, bridge }: Setting,
): Promise<Stage> {
  const [homeserverDir, networkDir] = [join(dir, 'homeserver'), join(dir, 'network')];
  for (const part of [homeserverDir, networkDir]) await mkdir(part, { recursive: true });
  const homeserver = await startDevHomeserver({
    ...{ serverName, dir: homeserverDir, registrations: [place.registration] },
    retryBaseMs: 20,
  });
  const network = await startLoopbackNetwork({
    certainty,
    botToken,
    dir: networkDir,
    maxLineBytes: lineBytes,
  });
  await writeFile(join(dir, 'registration.yaml'), place.registration, { mode: 0o600 });
  const configFile = join(dir, 'config.yaml');
  const life: MakeLife = (moment) =>
    new ServerProcess({
      program: process.execPath,
      args: [
        ...[bridge, '--config', configFile],
        ...(moment ? ['--moment', JSON.stringify(moment)] : []),
      ],
      logFile: join(dir, 'bridge.log'),
      isReady: async () => true,
      speaks: true,
    });
  const lives = new Lives(life);
  return {
    matrix: new MatrixSide(homeserver.url, devEvents(homeserverDir), prefix),
    remote: new RemoteSide(network.url, networkDir),
    ...{ homeserver, lives },
    async link(portals) {
      const options = { url: network.url, botToken, certainty };
      const loop = { adapter: 'loopback', command: '!loop', options, portals };
      const networks = { loop: { ...loop, voices: ['login', 'enlisted', 'relay'] } };
      const permissions = { '*': 'use', [idOf('carl')]: 'relay' };
      const known = { homeserverUrl: homeserver.url, serverName, networks, permissions };
      await writeFile(configFile, configText(known, place.port));
    },
    async end() {
      await lives.kill();
      await homeserver.close();
      await network.close();
    },
  };
}

const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** Everybody who is there before the bridge comes, and the one link. */
export async function enterAll({ matrix, remote, link }: Stage): Promise<void> {
  for (const person of ['anna', 'carl', 'dora']) await matrix.enter(person, [chat]);
  await matrix.enter('bert', []);
  await remote.enter('xena', [chat]);
  for (const person of ['yuri', 'zoe']) await remote.enter(person, []);
  await link([{ chat: `#${chat}`, room: matrix.rooms.get(chat) ?? '' }]);
}
