import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../ports/log.ts';
import type { BridgeConfig, NetworkConfig } from './bridge-config.ts';

/** The keys that can change while the bridge runs. All others take a new start. */
const CHANGEABLE = {
  bridge: ['permissions', 'policyRooms', 'userRate', 'drainMs'],
  log: ['level'],
  networks: [
    'userRate',
    'idleCloseMs',
    'maxEnlisted',
    'roomsFor',
    'noRoomsFor',
    // As which ghostsJoin, ghostsJoinMost and voicesJoin are read.
    'joins',
    'chats',
  ],
} as const satisfies {
  readonly bridge: readonly (keyof BridgeConfig['bridge'])[];
  readonly log: readonly (keyof BridgeConfig['log'])[];
  readonly networks: readonly (keyof NetworkConfig)[];
};

export interface Reloaded {
  /** Keys that hold as they stand in the file, from now on. */
  readonly applied: readonly string[];
  /** Keys that stand otherwise in the file than they hold. */
  readonly needRestart: readonly string[];
}

export interface Reloading {
  /** @throws {ConfigError} when the file is faulty: then nothing has changed. */
  reload(): Promise<Reloaded>;
  /** Keys that stood otherwise in the file when it was last read. */
  needRestart(): readonly string[];
}

/** Reads the config again, and has what can change hold. */
export function reloading(of: {
  readonly now: BridgeConfig;
  readonly read: () => Promise<BridgeConfig>;
  readonly apply: (config: BridgeConfig) => Promise<void>;
  readonly log: Log;
}): Reloading {
  let { now } = of;
  let needRestart: readonly string[] = [];
  return {
    needRestart: () => needRestart,
    async reload() {
      const next = await of.read();
      const changed = differing(now, next).toSorted();
      const applied = changed.filter(canChange);
      needRestart = changed.filter((key) => !canChange(key));
      now = merged(now, next);
      await of.apply(now);
      of.log('info', 'The config was read again', { applied, needRestart });
      return { applied, needRestart };
    },
  };
}

/** As the file says where it can change, else as it was. */
function merged(now: BridgeConfig, next: BridgeConfig): BridgeConfig {
  const networks = Object.entries(now.networks).map(([id, network]) => {
    const its = next.networks[id];
    return [id, its ? taken(network, its, CHANGEABLE.networks) : network] as const;
  });
  return {
    ...now,
    bridge: taken(now.bridge, next.bridge, CHANGEABLE.bridge),
    log: taken(now.log, next.log, CHANGEABLE.log),
    networks: Object.fromEntries(networks),
  };
}

function taken<T extends object>(now: T, next: T, keys: readonly (keyof T)[]): T {
  const rest = Object.entries(now).filter(([key]) => !keys.includes(key as keyof T));
  const others = Object.entries(next).filter(([key]) => keys.includes(key as keyof T));
  return Object.fromEntries([...rest, ...others]) as T;
}

/** `bridge.permissions`, `networks.irc.options`; `networks.irc` where it is new or gone. */
function differing(now: BridgeConfig, next: BridgeConfig): readonly string[] {
  const ids = Object.keys({ ...now.networks, ...next.networks });
  const { path: _, networks, ...sections } = now;
  return [
    ...Object.keys(sections).flatMap((name) => {
      const section = name as keyof typeof sections;
      return keysOf(name, now[section], next[section]);
    }),
    ...ids.flatMap((id) => {
      const [before, after] = [networks[id], next.networks[id]];
      return before && after ? keysOf(`networks.${id}`, before, after) : [`networks.${id}`];
    }),
  ];
}

function keysOf(name: string, now: object = {}, next: object = {}): readonly string[] {
  const [before, after] = [new Map(Object.entries(now)), new Map(Object.entries(next))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => !isDeepStrictEqual(before.get(key), after.get(key)))
    .map((key) => `${name}.${key}`);
}

function canChange(path: string): boolean {
  const [section = '', ...rest] = path.split('.');
  const known: Readonly<Record<string, readonly string[]>> = CHANGEABLE;
  const key = section === 'networks' ? rest[1] : rest[0];
  return known[section]?.includes(key ?? '') ?? false;
}
