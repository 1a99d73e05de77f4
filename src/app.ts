import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import type { Log } from './adapter/network.ts';
import type { Operate } from './commands/command.ts';
import { createCommands } from './commands/index.ts';
import {
  type AdapterRegistry,
  type BridgeConfig,
  ConfigError,
  loadAdapter,
  permissionsIn,
  type Reloading,
  reloading,
  storagePaths,
} from './config/index.ts';
import { Engine } from './engine/engine.ts';
import { OptedOut } from './engine/opted-out.ts';
import type { NetworkOptions } from './engine/options.ts';
import { appserviceFace } from './matrix/appservice/face.ts';
import { type MatrixClient, matrixClient } from './matrix/client/matrix-client.ts';
import { botLocalpart, type Registration } from './matrix/registration.ts';
import type { Watch } from './metrics/index.ts';
import type { MatrixUserId } from './model/matrix-ids.ts';
import { auditedAll } from './operator/audit.ts';
import { type Answers, AskedWrongly, door } from './operator/door.ts';
import { type Draining, draining } from './operator/draining.ts';
import { onUsers } from './operator/on-users.ts';
import type { Clock } from './ports/clock.ts';
import type { MatrixPort } from './ports/matrix.ts';
import { type Metrics, noMetrics } from './ports/metrics.ts';
import { StorageError } from './ports/storage-error.ts';
import type { Storage } from './ports/store.ts';
import { loadOrCreateKey } from './store/key-file.ts';
import { openStorage, type StorageOptions } from './store/sqlite/index.ts';
import { systemClock } from './util/system-clock.ts';

/** A message of a voice that is logged out is held for so long: people log in again the next day. */
const MAX_AGE_LOGGED_OUT_MS = 24 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

export interface BridgeOptions {
  readonly config: BridgeConfig;
  readonly registration: Registration;
  readonly adapters: AdapterRegistry;
  readonly log: Log;
  /** Absent: the time of this machine. */
  readonly clock?: Clock;
  /** Absent: the config is not read again. */
  readonly settings?: Settings;
}

/** The config while the bridge runs. */
export interface Settings {
  /** What the file says now. @throws {ConfigError} */
  read(): Promise<BridgeConfig>;
  /** This holds from now on: for what lies outside of the bridge, such as its log. */
  applied(config: BridgeConfig): void;
}

export interface Bridge {
  /** Listens for the homeserver, and opens the networks. Resolves once it listens. */
  start(): Promise<void>;
  /** Reads the config again. What came of it is in the log. */
  reload(): Promise<void>;
  /** Resolves once an operator had it drained: then it is to be stopped. */
  readonly drained: Promise<void>;
  /** Ends what is under way, for a while, and closes everything. What waits stays on disk. */
  stop(): Promise<void>;
  /** Where it listens, once started. */
  readonly port: number;
  /** Rejects when it cannot go on, as its database is damaged: then it is to be stopped. */
  readonly broken: Promise<never>;
}

/** What a bridge is composed of. */
export interface BridgeParts extends Omit<BridgeOptions, 'adapters'> {
  readonly clock: Clock;
  readonly networks: readonly NetworkOptions[];
  readonly storage: Storage;
  /** Aborts when the bridge stops: nobody waits any longer then for the disk, or for the homeserver's limits. */
  readonly stopping: AbortController;
  /** Rejects when the storage turns out to be damaged. */
  readonly broken: Promise<never>;
  readonly matrix: Pick<MatrixClient, keyof MatrixPort | 'ping' | 'close'>;
}

/**
 * One bridge: one registration, one database, any number of networks.
 *
 * @throws {StorageError} when the database or its key cannot be opened; @throws {AdapterError} when
 *   an adapter that the config names cannot be loaded.
 */
export const createBridge = async (options: BridgeOptions): Promise<Bridge> =>
  composeBridge(await openParts(options));

/** Everything that lies outside of the bridge: its networks, its database and its homeserver. */
export async function openParts(options: BridgeOptions): Promise<BridgeParts> {
  const { config, registration, log, clock = systemClock, settings } = options;
  const networks = await networkOptions(config, options.adapters);
  const stopping = new AbortController();
  const { broken, damaged } = breaking(log);
  const storage = await openDataDir(config, { clock, log, damaged, signal: stopping.signal });
  const { url, serverName } = config.homeserver;
  const bot: MatrixUserId = `@${botLocalpart(config.bridge.prefix)}:${serverName}`;
  const { asToken } = registration;
  const { signal } = stopping;
  const matrix = matrixClient({ url, serverName, bot, asToken, log, clock, signal });
  const given = { config, registration, log, clock, ...(settings && { settings }) };
  return { ...given, networks, storage, matrix, stopping, broken };
}

/** Puts the parts together. Whoever composes a bridge may put something of their own around one. */
export async function composeBridge(parts: BridgeParts): Promise<Bridge> {
  const { config, registration, log, clock, storage, matrix, stopping, broken } = parts;
  const watch = config.metrics && (await makeWatch(parts, () => engine));
  const operate: Operate = async (what, asked) => answers[what]?.(asked);
  const engine: Engine = await makeEngine(parts, watch?.metrics ?? noMetrics, operate);
  const { hsToken } = registration;
  const face = appserviceFace({ hsToken, handler: engine.handler, log, clock });
  const drain = draining(engine, face, log);
  const settings = reloadable(parts, engine);
  const answers = answersOf(parts, { engine, settings, drain });
  const operators = door({ ...auditedAll(answers, log, clock), version: async () => ({}) }, log);
  let port = 0;
  return {
    broken,
    drained: drain.done,
    async reload() {
      await settings.reload().catch((error: unknown) =>
        log('error', 'The config was not read again; all is as it was', {
          error: String(error instanceof Error ? error.message : error),
        }),
      );
    },
    get port() {
      return port;
    },
    async start() {
      if (config.metrics) await watch?.listen(config.metrics);
      ({ port } = await face.listen(config.bridge.listen));
      await engine.start();
      await operators.open(storagePaths(config).door);
      void announce(parts);
    },
    async stop() {
      stopping.abort();
      await watch?.close();
      await face.close();
      await engine.stop();
      await matrix.close();
      await operators.close();
      await storage.close();
    },
  };
}

/** What an operator may ask of the bridge, by whichever way. */
function answersOf(
  { storage, networks }: BridgeParts,
  its: { readonly engine: Engine; readonly settings: Reloading; readonly drain: Draining },
): Answers {
  const { overseer } = its.engine;
  const ids = networks.map(({ id }) => id);
  return {
    drain: its.drain.begin,
    reload: () => its.settings.reload().catch(toldAsAsked),
    state: async () => ({
      needRestart: its.settings.needRestart(),
      policyProblems: overseer.policyProblems(),
      networks: overseer.networks(),
      amounts: await storage.repairs.amounts(),
      isDraining: its.drain.isUnderWay(),
    }),
    ...onUsers(overseer, ids),
  };
}

function reloadable({ config, settings, log }: BridgeParts, engine: Engine): Reloading {
  return reloading({
    ...{ now: config, log },
    read: async () => (settings ? settings.read() : config),
    async apply(next) {
      await engine.reconfigure({
        permission: permissionsIn(next.bridge.permissions),
        policyRooms: next.bridge.policyRooms,
        networks: Object.entries(next.networks).map(([id, network]) => ({
          id,
          userRate: network.userRate,
          idleCloseMs: network.idleCloseMs,
          maxEnlisted: network.maxEnlisted,
          roomsFor: network.roomsFor,
          noRoomsFor: network.noRoomsFor,
          joins: network.joins,
          chats: network.chats,
        })),
      });
      settings?.applied(next);
    },
  });
}

/** What is wrong with the config is told to whoever had it read. */
function toldAsAsked(error: unknown): never {
  throw error instanceof ConfigError ? new AskedWrongly(error.message) : error;
}

/** What the homeserver holds back since it found nobody here comes at once, and not after its pause. */
async function announce({ matrix, registration, log }: BridgeParts): Promise<void> {
  await matrix.ping(registration.id, randomUUID()).catch((error: unknown) =>
    log('warn', 'The homeserver could not be asked for what it holds back', {
      error: String(error),
    }),
  );
}

async function networkOptions(
  config: BridgeConfig,
  adapters: AdapterRegistry,
): Promise<readonly NetworkOptions[]> {
  const from = { adapters, configPath: config.path };
  return Promise.all(
    Object.entries(config.networks).map(async ([id, { adapter, options, ...network }]) => ({
      ...network,
      id,
      config: options,
      adapter: await loadAdapter(adapter, from),
    })),
  );
}

async function openDataDir(
  config: BridgeConfig,
  by: Pick<StorageOptions, 'clock' | 'log' | 'damaged' | 'signal'>,
): Promise<Storage> {
  const paths = storagePaths(config);
  await mkdir(config.bridge.dataDir, { recursive: true, mode: 0o700 });
  refuseNewKey(paths, config.secrets.storageKey);
  const key = loadOrCreateKey(paths.key, config.secrets.storageKey);
  return openStorage({ path: paths.database, key, ...by, patienceMs: Number.POSITIVE_INFINITY });
}

/** Nothing can be relied on after a damage, and whatever is written may make it worse. */
function breaking(log: Log): { broken: Promise<never>; damaged: (error: StorageError) => void } {
  let damaged = (_: StorageError): void => {};
  const broken = new Promise<never>((_, reject) => {
    damaged = reject;
  });
  broken.catch(({ message }: StorageError) =>
    log('error', 'The bridge cannot go on and ends', { error: message }),
  );
  return { broken, damaged };
}

/** A new key beside an old database would open nothing in it. */
function refuseNewKey(paths: ReturnType<typeof storagePaths>, fromEnvironment?: string): void {
  if (fromEnvironment !== undefined || existsSync(paths.key) || !existsSync(paths.database)) return;
  throw new StorageError(
    `The key file ${paths.key} is missing, but the database that it opens is there: restore the key from a backup, or set DRAWBRIDGE_STORAGE_KEY.`,
  );
}

/** Its library is loaded only where somebody watches. */
async function makeWatch(
  { storage, clock, log }: BridgeParts,
  engine: () => Engine,
): Promise<Watch> {
  const { createWatch } = await import('./metrics/index.ts');
  const look = async () => ({
    networks: engine().overseer.networks(),
    amounts: await storage.repairs.amounts(),
    nowMs: clock.now(),
  });
  return createWatch(look, log);
}

async function makeEngine(parts: BridgeParts, metrics: Metrics, operate: Operate): Promise<Engine> {
  const { config, networks, storage, matrix, clock, log } = parts;
  const { permissions, maxAgeMs, deadLetterDays, ...bridge } = config.bridge;
  return new Engine(
    {
      ...{ networks, storage, matrix, clock, log, metrics, maxAgeMs },
      prefix: bridge.prefix,
      policyRooms: bridge.policyRooms,
      statusEvents: bridge.statusEvents,
      ...(bridge.publicUrl !== undefined && {
        publishing: { url: bridge.publicUrl, keepMs: bridge.publishedDays * DAY_MS },
      }),
      ...(bridge.privacyNotice !== '' && {
        privacyNotice: { text: bridge.privacyNotice, to: bridge.privacyNoticeTo },
      }),
      botDisplayName: bridge.botDisplayName,
      maxAgeLoggedOutMs: Math.max(maxAgeMs, MAX_AGE_LOGGED_OUT_MS),
      deadLetterMs: deadLetterDays * DAY_MS,
      permission: permissionsIn(permissions),
      optedOut: await OptedOut.load(storage),
      secret: await storage.facts.once('secret', () => randomBytes(32)),
    },
    (tools) => createCommands({ ...tools, operate }),
  );
}
