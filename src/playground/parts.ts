import { join } from 'node:path';
import { startDevHomeserver } from '../testing/dev-homeserver/index.ts';
import { startLoopbackNetwork } from '../testing/loopback-network/index.ts';
import type { BridgeProcess } from './bridge-process.ts';
import type { Closers } from './closers.ts';
import { newMemory, readMemory, saveMemory } from './memory.ts';
import { openBridge, openRegistration } from './open-bridge.ts';
import { keepPort } from './ports.ts';
import { SERVER_NAME } from './scene.ts';
import { Show } from './show.ts';
import { enterMatrix, enterNetwork } from './sides/enter.ts';
import { writeConfig } from './write-config.ts';

export interface PartsOptions {
  /** Where everything lies that is kept from one run to the next. Made if need be. */
  readonly dir: string;
  /** The program of the bridge. */
  readonly executable: string;
  /** The name of the adapter that speaks to the loopback network. */
  readonly adapter: string;
}

export interface Parts {
  readonly bridge: BridgeProcess;
  readonly show: Show;
  /** Nothing was in the folder before. */
  readonly isFirst: boolean;
}

/** Everything but the page, open; the bridge is ready to be started. */
export async function openParts(
  { dir, executable, adapter }: PartsOptions,
  about: { readonly reserved: number; readonly signal: AbortSignal; readonly closers: Closers },
): Promise<Parts> {
  const { signal, closers, reserved } = about;
  const remembered = readMemory(dir);
  const memory = remembered ?? newMemory();
  const ports = await choosePorts(memory.ports, reserved);
  saveMemory(dir, { ...memory, ports });
  signal.throwIfAborted();

  const homeserver = await startDevHomeserver({
    serverName: SERVER_NAME,
    port: ports.homeserver,
    dir: join(dir, 'homeserver'),
    registrations: [openRegistration(dir, ports.bridge, adapter)],
    // Somebody watches, and has no eight minutes between two attempts.
    retryBaseMs: 1_000,
    retryMaxMs: 10_000,
  });
  closers.add(() => homeserver.close());
  const network = await startLoopbackNetwork({
    port: ports.network,
    dir: join(dir, 'network'),
    certainty: 'drops-repeats',
    botToken: memory.botToken,
  });
  closers.add(() => network.close());
  signal.throwIfAborted();

  const wiring = { homeserverUrl: homeserver.url, networkUrl: network.url, adapter };
  writeConfig(dir, { ...wiring, bridgePort: ports.bridge, botToken: memory.botToken });
  const matrix = await enterMatrix(homeserver.url, memory.password);
  const remote = await enterNetwork(network);
  signal.throwIfAborted();
  const bridge: BridgeProcess = openBridge({
    ...{ dir, executable, port: ports.bridge },
    onChange: (standing) => show.bridgeChanged(standing),
  });
  const show = new Show({ matrix, remote }, bridge);
  closers.add(() => matrix.close());
  await matrix.open();
  closers.add(() => remote.close());
  remote.open();
  return { bridge, show, isFirst: remembered === undefined };
}

async function choosePorts(
  last: {
    homeserver?: number | undefined;
    network?: number | undefined;
    bridge?: number | undefined;
  },
  reserved: number,
) {
  const homeserver = await keepPort(last.homeserver, [reserved]);
  const network = await keepPort(last.network, [reserved, homeserver]);
  const bridge = await keepPort(last.bridge, [reserved, homeserver, network]);
  return { homeserver, network, bridge };
}
