import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AliceClient } from '../../../gatekeeper/client/client.ts';
import { makeBridge, prefix } from '../../live/support/bridge.ts';
import { freePort } from '../../live/support/free-port.ts';
import {
  addUser,
  connectProvider,
  gatekeeperDomain,
  makeGatekeeper,
} from '../../live/support/gatekeeper-process.ts';
import type { ServerProcess } from '../../live/support/server-process.ts';
import type { EventLog } from '../event-log.ts';
import { startHomeserver } from '../homeservers.ts';
import { MatrixSide } from '../matrix-side.ts';
import { itemsOf } from '../site.ts';
import { patient } from '../until.ts';
import { GatekeeperSide, type Pair } from './gatekeeper-side.ts';
import type { GatekeeperOptions, Suite } from './options.ts';

const serverName = 'hs.test';
const domain = 'bob.example';
const bot = `@${prefix}bot:${serverName}`;
const until = patient(60_000);

/** Each has a private chat with one of the other side. */
const pairs: readonly Pair[] = [
  { here: 'anna', there: 'alice', chat: 'anna-alice' },
  { here: 'bert', there: 'alma', chat: 'bert-alma' },
];

/** A homeserver, the gatekeeper and the bridge between them, each a process of its own. */
export interface GatekeeperSite {
  readonly matrix: MatrixSide;
  readonly gatekeeper: GatekeeperSide;
  readonly pairs: readonly Pair[];
  readonly events: EventLog;
  readonly network: ServerProcess;
  readonly bridge: ServerProcess;
  /** What the bridge itself says is still to be done. */
  queue(): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

/** Sets everything up, and has each pair begin their chat. The two servers run; the bridge does not any more. */
export async function makeGatekeeperSite(
  dir: string,
  { suite, homeserver: kind }: { suite: Suite } & Pick<GatekeeperOptions, 'homeserver'>,
): Promise<GatekeeperSite> {
  await mkdir(dir, { recursive: true });
  const server = await makeGatekeeper(join(dir, 'gatekeeper'));
  await server.process.start();
  const options = await connectProvider(server, { domain, dir: join(dir, 'bridge') });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const gk = {
    adapter: 'gatekeeper',
    options: { ...options, plainNamesOf: serverName, suites: [suite] },
  };
  const bridge = await makeBridge({
    ...{ homeserverUrl: url, serverName, networks: { gk }, dir: join(dir, 'bridge') },
  });
  const { process: homeserver, events } = await startHomeserver(kind, {
    ...{ serverName, port, dir: join(dir, 'homeserver') },
    registrationFile: bridge.registrationFile,
  });
  const matrix = new MatrixSide(url, events, prefix);
  const clients = new Map<string, AliceClient>();
  for (const { here, there } of pairs) {
    await matrix.enter(here, []);
    const password = await addUser(server, there);
    const ca = await readFile(server.caFile, 'utf8');
    const about = { origin: server.origin, ca, name: there, password, device: 'phone' };
    clients.set(there, await AliceClient.open({ ...about, file: join(dir, `${there}.db`) }));
  }
  const side = new GatekeeperSide(clients);
  await bridge.process.start();
  for (const pair of pairs) await beginChat(pair, { matrix, side, events, suite });
  await bridge.process.stop();
  const processes = [bridge.process, homeserver, server.process];
  return {
    ...{ matrix, gatekeeper: side, pairs, events },
    ...{ network: server.process, bridge: bridge.process },
    queue: async () => itemsOf(await bridge.command('queue', '--json')),
    stop: async () => {
      await side.close();
      for (const process of processes) process.resume();
      await Promise.all(processes.map((process) => process.kill()));
    },
  };
}

interface Beginning {
  readonly matrix: MatrixSide;
  readonly side: GatekeeperSide;
  readonly events: EventLog;
  readonly suite: Suite;
}

/** As people do: they ask the bot, and accept its invitation. */
async function beginChat(pair: Pair, { matrix, side, events, suite }: Beginning): Promise<void> {
  const { here, there, chat } = pair;
  const who = `@${here}:${serverName}`;
  const invited = () =>
    events
      .read()
      .filter(({ state_key, content }) => state_key === who && content.membership === 'invite');
  const room = await matrix.createRoom(here, { preset: 'trusted_private_chat', invite: [bot] });
  const isIn = () =>
    events
      .read()
      .some(
        ({ room_id, state_key, content }) =>
          room_id === room && state_key === bot && content.membership === 'join',
      );
  await until('the bot', isIn);
  const text = `!gatekeeper chat ${there}@${gatekeeperDomain}`;
  await matrix.sayIn(room, here, { what: 'message', text });
  await until('the invitation', () => invited().length > 0);
  const direct = invited().at(-1)?.room_id ?? '';
  await matrix.join(here, direct);
  matrix.learnRoom(chat, direct);
  side.learn(pair, await side.begin(there, `${here}@${domain}`, suite));
}
