import { onTestFinished } from 'vitest';
import { loopbackPerson } from '../../../src/testing/loopback-network/index.ts';
import { link, roomWithBot } from '../../flow/support/bridged-room.ts';
import { MatrixPerson } from '../../flow/support/matrix-person.ts';
import { makeBridge } from './bridge.ts';
import { freePort } from './free-port.ts';
import { startLoopbackProcess } from './loopback-network.ts';
import type { ServerProcess } from './server-process.ts';

export const serverName = 'hs.test';
export const BOT = `@drawbridge_bot:${serverName}`;

export type StartHomeserver = (
  port: number,
  registrationFile: string,
) => Promise<{ readonly url: string; readonly process: ServerProcess }>;

/**
 * Ann in a room that is bridged to the chat `town`, where Carol is. The homeserver, the bridge and the
 * network are a process each, killed when the test ends.
 *
 * @param at where the homeserver is to be, and where the bridge asks it. Absent: directly.
 */
export async function setProcessScene(
  startHomeserver: StartHomeserver,
  at?: { readonly port: number; readonly homeserverUrl: string },
) {
  const network = await startLoopbackProcess('drops-repeats');
  killAtEnd(network.process);
  const port = at?.port ?? (await freePort());
  const options = { url: network.url, certainty: 'drops-repeats' };
  const bridge = await makeBridge({
    homeserverUrl: at?.homeserverUrl ?? `http://127.0.0.1:${port}`,
    serverName,
    networks: { loop: { adapter: 'loopback', displayName: 'Loop', command: '!loop', options } },
  });
  const homeserver = await startHomeserver(port, bridge.registrationFile);
  killAtEnd(homeserver.process);
  killAtEnd(bridge.process);
  await bridge.process.start();
  const ann = await MatrixPerson.register(homeserver.url, 'ann');
  const room = await roomWithBot(ann, BOT);
  await link(ann, room, 'town');
  const carol = await loopbackPerson(network.url, { id: 'carol' });
  await carol.join('town');
  return { homeserver: homeserver.process, bridge, ann, room, carol };
}

/** Also where it is held up then. */
export function killAtEnd(server: ServerProcess): void {
  onTestFinished(async () => {
    server.resume();
    await server.kill();
  });
}
