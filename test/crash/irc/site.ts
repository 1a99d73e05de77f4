import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type IrcServer, startInspircd, startNgircd } from '../../live/servers/irc.ts';
import { provide } from '../../live/servers/provision.ts';
import { makeBridge, prefix } from '../../live/support/bridge.ts';
import { freePort } from '../../live/support/free-port.ts';
import type { ServerProcess } from '../../live/support/server-process.ts';
import type { EventLog } from '../event-log.ts';
import { startHomeserver } from '../homeservers.ts';
import { MatrixSide } from '../matrix-side.ts';
import { itemsOf } from '../site.ts';
import { IrcSide } from './irc-side.ts';
import type { IrcKind } from './options.ts';

const chats = ['ch-1', 'ch-2'];
const matrixPeople = ['anna', 'bert', 'cora'];
/** Speaks through the bot; the others have nicks of their own. */
const relayed = 'cora';
const ircPeople = ['ina', 'ivo', 'ida'];
const serverName = 'hs.test';

/** A homeserver, a real IRC server and the bridge between them, each a process of its own. */
export interface IrcSite {
  readonly matrix: MatrixSide;
  readonly irc: IrcSide;
  readonly events: EventLog;
  readonly homeserver: ServerProcess;
  readonly network: ServerProcess;
  readonly bridge: ServerProcess;
  /** What the bridge itself says is still to be done. */
  queue(): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

/** Sets everything up; the two servers run, the bridge does not yet. */
export async function makeIrcSite(dir: string, kind: IrcKind): Promise<IrcSite> {
  await mkdir(dir, { recursive: true });
  const server = await startServer(kind);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const irc = networkOf(server.port);
  const bridge = await makeBridge({
    ...{ homeserverUrl: url, serverName, networks: { irc }, dir: join(dir, 'bridge') },
    permissions: { '*': 'use', [`@${relayed}:${serverName}`]: 'relay' },
  });
  const { process: homeserver, events } = await startHomeserver('dev', {
    ...{ serverName, port, dir: join(dir, 'homeserver') },
    registrationFile: bridge.registrationFile,
  });
  const matrix = new MatrixSide(url, events, prefix);
  for (const person of matrixPeople) await matrix.enter(person, chats);
  const portals = [...matrix.rooms].map(([chat, room]) => ({ chat: `#${chat}`, room }));
  await bridge.configure({ irc: { ...irc, portals } });
  const side = await IrcSide.enter(server.port, { names: ircPeople, chats });
  const processes = [bridge.process, homeserver, server.process];
  return {
    ...{ matrix, irc: side, events, homeserver },
    ...{ network: server.process, bridge: bridge.process },
    queue: async () => itemsOf(await bridge.command('queue', '--json')),
    stop: async () => {
      side.quit();
      for (const process of processes) process.resume();
      await Promise.all(processes.map((process) => process.kill()));
    },
  };
}

/** How it connects and comes back is as an operator has it who sets nothing; only its pace is not. */
const networkOf = (port: number) => ({
  adapter: 'irc',
  voices: ['enlisted', 'relay'],
  options: { host: '127.0.0.1', port, tls: false, lineBurst: 100, lineIntervalMs: 1 },
});

async function startServer(kind: IrcKind): Promise<IrcServer> {
  const part = await provide(kind === 'ngircd' ? 'ngircd' : 'inspircd');
  if ('missing' in part) throw new Error(`${kind} is missing: ${part.missing}`);
  const { root } = part;
  if (kind === 'ngircd') return startNgircd({ root });
  return startInspircd({ root, history: kind === 'inspircd-history' });
}
