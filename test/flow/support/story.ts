import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { NetworkAdapter } from '#adapter';
import { loopback } from '../../../bridges/loopback/index.ts';
import { type Bridge, createBridge } from '../../../src/app.ts';
import { type BridgeConfig, storagePaths } from '../../../src/config/index.ts';
import {
  newRegistration,
  printRegistration,
  type Registration,
} from '../../../src/matrix/registration.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Repairs } from '../../../src/ports/journal.ts';
import type { Log } from '../../../src/ports/log.ts';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import {
  type DevHomeserver,
  startDevHomeserver,
} from '../../../src/testing/dev-homeserver/index.ts';
import {
  type LoopbackCertainty,
  type LoopbackNetwork,
  startLoopbackNetwork,
} from '../../../src/testing/loopback-network/index.ts';
import { freePort } from '../../live/support/free-port.ts';
import { type Between, startBetween } from './between.ts';
import { MatrixPerson } from './matrix-person.ts';

export const SERVER = 'hs.test';

type Section = BridgeConfig['bridge'];

/** A whole bridge between a homeserver and a network, through their front doors only, until the test ends. */
export interface Story {
  readonly homeserver: DevHomeserver;
  readonly network: LoopbackNetwork;
  /** Where the bridge asks the homeserver. */
  readonly between: Between;
  readonly registration: Registration;
  readonly log: readonly string[];
  /** Where the homeserver reaches the bridge. */
  readonly url: string;
  /** The file of the bridge's database. */
  readonly database: string;
  /** Pushes a transaction as the homeserver would. @returns the answer's status. */
  push(transactionId: string, body: string | object): Promise<number>;
  person(name: string): Promise<MatrixPerson>;
  /** Stops the bridge as an operator would, and starts it again on the same data. */
  restartBridge(
    change?: Partial<BridgeConfig['bridge']>,
    registration?: Partial<Registration>,
    network?: Partial<BridgeConfig['networks'][string]>,
  ): Promise<void>;
  stopBridge(): Promise<void>;
  /** Rejects when the bridge cannot go on. */
  broken(): Promise<unknown>;
  /** What the file of the config says otherwise from now on. It is not read by itself. */
  readonly settings: { error?: Error } & { -readonly [K in keyof Section]?: Section[K] };
  /** Has the bridge read its config again. */
  reload(): Promise<void>;
  /** Resolves once an operator had the bridge drained. */
  drained(): Promise<void>;
  stopNetwork(): Promise<void>;
  /** With all that was said there before. */
  startNetwork(): Promise<void>;
  queueLength(): Promise<number>;
  /** The files of the bridge that contain a text. */
  filesWith(text: string): Promise<readonly string[]>;
  /** What an operator does from a process of their own, while the bridge runs. */
  repair(work: (repairs: Repairs) => Promise<void>): Promise<void>;
}

export async function startStory(
  options: {
    readonly certainty?: LoopbackCertainty;
    readonly network?: Partial<BridgeConfig['networks'][string]>;
    readonly bridge?: Partial<BridgeConfig['bridge']>;
    /** How long the homeserver waits after a transaction that failed. */
    readonly retryBaseMs?: number;
    readonly adapter?: NetworkAdapter;
    readonly clock?: Clock;
    readonly metrics?: BridgeConfig['metrics'];
  } = {},
): Promise<Story> {
  const dir = mkdtempSync(join(tmpdir(), 'drawbridge-story-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const certainty = options.certainty ?? 'drops-repeats';
  let network = await startLoopbackNetwork({ certainty, dir: join(dir, 'network') });
  onTestFinished(() => network.close());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const registration = newRegistration({
    id: 'story',
    url,
    prefix: 'bridge_',
    serverName: SERVER,
    networks: ['loop'],
    protocols: ['loopback'],
  });
  const homeserver = await startDevHomeserver({
    serverName: SERVER,
    registrations: [printRegistration(registration)],
    retryBaseMs: options.retryBaseMs ?? 50,
  });
  onTestFinished(() => homeserver.close());
  const between = await startBetween(homeserver.port);
  onTestFinished(() => between.close());
  const lines: string[] = [];
  const log: Log = (level, message, fields) => {
    const line = `${level} ${message} ${JSON.stringify(fields ?? {})}`;
    lines.push(line);
    if (process.env['STORY_LOG']) process.stderr.write(`${line}\n`);
  };
  const config: BridgeConfig = {
    path: join(dir, 'config.yaml'),
    homeserver: { url: between.url, serverName: SERVER },
    bridge: {
      url,
      listen: { host: '127.0.0.1', port },
      prefix: 'bridge_',
      botDisplayName: 'Bridge',
      registrationFile: join(dir, 'registration.yaml'),
      dataDir: join(dir, 'data'),
      permissions: { '*': 'use' },
      statusEvents: false,
      policyRooms: [],
      drainMs: 60_000,
      userRate: { burst: 100, perSecond: 10 },
      publishedDays: 7,
      deadLetterDays: 7,
      maxAgeMs: 3_600_000,
      privacyNotice: '',
      privacyNoticeTo: 'rooms',
      ...options.bridge,
    },
    log: { level: 'debug', format: 'json' },
    networks: {
      loop: {
        adapter: 'loopback',
        displayName: 'Loop',
        command: '!loop',
        voices: ['login', 'enlisted', 'relay'],
        idleCloseMs: 3_600_000,
        portals: [],
        options: { url: network.url, botToken: 'loopback-bot', certainty },
        ...options.network,
      },
    },
    secrets: {},
    metrics: options.metrics,
  };
  const { adapter = loopback as NetworkAdapter, clock } = options;
  const adapters = { loopback: async () => adapter };
  let bridge: Bridge | undefined;
  const settings: Story['settings'] = {};
  const read = async (): Promise<BridgeConfig> => {
    const { error, ...bridge } = settings;
    if (error) throw error;
    const { userRate } = bridge;
    const { loop } = config.networks;
    const networks = loop && userRate ? { loop: { ...loop, userRate } } : config.networks;
    return { ...config, bridge: { ...config.bridge, ...bridge }, networks };
  };
  async function startBridge(
    change: Partial<BridgeConfig['bridge']> = {},
    changed: Partial<Registration> = {},
    network: Partial<BridgeConfig['networks'][string]> = {},
  ) {
    const loop = { ...config.networks['loop'], ...network } as BridgeConfig['networks'][string];
    bridge = await createBridge({
      config: { ...config, bridge: { ...config.bridge, ...change }, networks: { loop } },
      registration: { ...registration, ...changed },
      adapters,
      log,
      settings: { read, applied: () => {} },
      ...(clock && { clock }),
    });
    await bridge.start();
  }
  const stopBridge = async () => {
    await bridge?.stop();
    bridge = undefined;
  };
  onTestFinished(stopBridge);
  async function repair(work: (repairs: Repairs) => Promise<void>): Promise<void> {
    const paths = storagePaths(config);
    const storage = await openStorage({ path: paths.database, key: loadOrCreateKey(paths.key) });
    await work(storage.repairs).finally(() => storage.close());
  }
  await startBridge();
  const people: MatrixPerson[] = [];
  return {
    homeserver,
    get network() {
      return network;
    },
    between,
    registration,
    log: lines,
    url,
    database: storagePaths(config).database,
    stopBridge,
    broken: async () => bridge?.broken,
    settings,
    reload: async () => bridge?.reload(),
    drained: async () => bridge?.drained,
    stopNetwork: () => network.close(),
    async startNetwork() {
      const port = Number(new URL(network.url).port);
      network = await startLoopbackNetwork({ certainty, port, dir: join(dir, 'network') });
    },
    async queueLength() {
      let length = 0;
      await repair(async (repairs) => {
        length = (await repairs.queue(1_000)).length;
      });
      return length;
    },
    async filesWith(text) {
      const { dataDir } = config.bridge;
      return readdirSync(dataDir, { withFileTypes: true })
        .filter((entry) => entry.isFile() && readFileSync(join(dataDir, entry.name)).includes(text))
        .map(({ name }) => name);
    },
    repair,
    async push(transactionId, body) {
      const answer = await fetch(`${url}/_matrix/app/v1/transactions/${transactionId}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${registration.hsToken}` },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      return answer.status;
    },
    async person(name) {
      const made = await MatrixPerson.register(homeserver.url, name);
      people.push(made);
      return made;
    },
    async restartBridge(change, changed, network) {
      await stopBridge();
      await startBridge(change, changed, network);
    },
  };
}
