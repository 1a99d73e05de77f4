import { readFile } from 'node:fs/promises';
import { onTestFinished } from 'vitest';
import {
  type DevHomeserver,
  startDevHomeserver,
} from '../../../src/testing/dev-homeserver/index.ts';
import {
  type LoopbackNetwork,
  type LoopbackPerson,
  loopbackPerson,
  startLoopbackNetwork,
} from '../../../src/testing/loopback-network/index.ts';
import { link, roomWithBot } from '../../flow/support/bridged-room.ts';
import { MatrixPerson } from '../../flow/support/matrix-person.ts';
import { type Bridge, type BridgeOptions, makeBridge } from './bridge.ts';
import { freePort } from './free-port.ts';
import { killAtEnd } from './process-scene.ts';

const serverName = 'hs.test';
const bot = `@drawbridge_bot:${serverName}`;

/** Ann in a room that is bridged to the chat `town`, where Carol is. The bridge is a process of its own. All ends with the test. */
export interface Scene {
  readonly homeserver: DevHomeserver;
  readonly network: LoopbackNetwork;
  readonly bridge: Bridge;
  readonly ann: MatrixPerson;
  readonly carol: LoopbackPerson;
  readonly room: string;
}

export async function setScene(
  options: Pick<BridgeOptions, 'dir' | 'through' | 'nodeArgs' | 'more'> = {},
): Promise<Scene> {
  const network = await startLoopbackNetwork({ certainty: 'drops-repeats' });
  onTestFinished(() => network.close());
  const port = await freePort();
  const loop = { url: network.url, certainty: 'drops-repeats' };
  const bridge = await makeBridge({
    ...options,
    homeserverUrl: `http://127.0.0.1:${port}`,
    serverName,
    networks: {
      loop: { adapter: 'loopback', displayName: 'Loop', command: '!loop', options: loop },
    },
  });
  const homeserver = await startDevHomeserver({
    serverName,
    registrations: [await readFile(bridge.registrationFile, 'utf8')],
    port,
    retryBaseMs: 50,
  });
  onTestFinished(() => homeserver.close());
  killAtEnd(bridge.process);
  await bridge.process.start();
  const carol = await loopbackPerson(network.url, { id: 'carol', displayName: 'Carol' });
  await carol.join('town');
  const ann = await MatrixPerson.register(homeserver.url, 'ann');
  const room = await roomWithBot(ann, bot);
  await link(ann, room, 'town');
  return { homeserver, network, bridge, ann, carol, room };
}
