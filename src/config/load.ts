import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type { NetworkAdapter } from '../adapter/network.ts';
import type { JoinOptions, UserRate } from '../engine/options.ts';
import { type CheckedOptions, checkOptions } from './adapter-options.ts';
import { AdapterError, type AdapterRegistry, loadAdapter } from './adapters.ts';
import type { BridgeConfig, NetworkConfig } from './bridge-config.ts';
import { commandOf, crossChecks, voicesOf } from './cross-checks.ts';
import { type Environment, EnvironmentReader } from './environment.ts';
import { explain, noMessage, valueAt } from './explain.ts';
import { ConfigError, type ConfigProblem, pathText } from './problem.ts';
import { ConfigFile } from './schema.ts';
import { schemaNode } from './schema-node.ts';
import type { OwnUserRate } from './user-rate.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/**
 * Reads a config and checks all of it, down to the options of each adapter. It writes nothing.
 *
 * @throws {ConfigError} with everything that is wrong, not only the first.
 */
export async function loadConfig(
  path: string,
  {
    adapters,
    env,
    text,
  }: {
    readonly adapters: AdapterRegistry;
    readonly env: Environment;
    /** What is to stand in the file. Absent: what does. */
    readonly text?: string;
  },
): Promise<BridgeConfig> {
  const configPath = resolve(path);
  const file = readYaml(configPath, text ?? (await textOf(configPath)));
  const environment = new EnvironmentReader(env);
  const secrets = environment.secrets();
  const parsed = ConfigFile.safeParse(file.value ?? {}, { error: noMessage });
  const networks = await Promise.all(
    namedAdapters(file).map((named) =>
      openNetwork(named, { adapters, configPath, file, environment }),
    ),
  );
  const loaded = new Map(networks.flatMap(({ id, adapter }) => (adapter ? [[id, adapter]] : [])));
  const problems = [
    ...(parsed.success ? [] : schemaProblems(file, parsed.error.issues)),
    ...networks.flatMap((network) => network.problems),
    ...(parsed.success ? crossChecks(file, parsed.data, loaded) : []),
    ...environment.problems,
    ...environment.unknown(),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const config = parsed.data;
  const beside = (name: string) => resolve(dirname(configPath), name);
  const { registrationFile, dataDir } = config.bridge;
  return {
    path: configPath,
    ...config,
    bridge: {
      ...config.bridge,
      registrationFile: beside(registrationFile),
      dataDir: beside(dataDir),
    },
    networks: Object.fromEntries(
      networks.map((network) => [network.id, complete(config, network)]),
    ),
    secrets,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const message = isMissing
      ? 'there is no such file; `drawbridge config init` writes one'
      : `it cannot be read: ${(error as Error).message}`;
    throw new ConfigError([{ where: path, path: '', message }]);
  }
}

function schemaProblems(
  file: YamlFile,
  issues: readonly Parameters<typeof explain>[0][],
): readonly ConfigProblem[] {
  const root = schemaNode(ConfigFile);
  return issues
    .flatMap((issue) => explain(issue, root, file.value ?? {}))
    .map(({ path, key, message }) => ({
      where: key === undefined ? file.where(path) : file.whereKey(path, key),
      path: pathText([...path, ...(key === undefined ? [] : [key])]),
      message,
    }));
}

interface NamedAdapter {
  readonly id: string;
  readonly name: string;
}

/** Read before the file as a whole is known to be right, so that all mistakes are told at once. */
function namedAdapters(file: YamlFile): readonly NamedAdapter[] {
  const networks = valueAt(file.value, ['networks']);
  if (typeof networks !== 'object' || networks === null) return [];
  return Object.keys(networks).flatMap((id) => {
    const name = valueAt(networks, [id, 'adapter']);
    return typeof name === 'string' && name !== '' ? [{ id, name }] : [];
  });
}

interface OpenNetwork extends CheckedOptions {
  readonly id: string;
  readonly adapter?: NetworkAdapter;
}

async function openNetwork(
  { id, name }: NamedAdapter,
  from: {
    readonly adapters: AdapterRegistry;
    readonly configPath: string;
    readonly file: YamlFile;
    readonly environment: EnvironmentReader;
  },
): Promise<OpenNetwork> {
  try {
    const adapter = await loadAdapter(name, from);
    return { id, adapter, ...(await checkOptions(from.file, id, adapter, from.environment)) };
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    const path = ['networks', id, 'adapter'];
    return {
      id,
      problems: [{ where: from.file.where(path), path: pathText(path), message: error.message }],
    };
  }
}

function complete(config: ConfigFile, { id, adapter, options }: OpenNetwork): NetworkConfig {
  const network = config.networks[id];
  if (!network || !adapter) throw new Error(`The network ${id} was not checked`);
  const {
    maxEnlisted,
    ghostsJoin,
    ghostsJoinMost,
    voicesJoin,
    chats,
    roomsFor,
    userRate,
    icon,
    ...rest
  } = network;
  const all = Object.entries(chats ?? {}).map(([chat, one]) => [chat, joinsOf(one)] as const);
  return {
    ...rest,
    ...(roomsFor && { roomsFor }),
    ...(icon !== undefined && { icon }),
    userRate: rateOf(config.bridge.userRate, userRate),
    joins: joinsOf({ ghostsJoin, ghostsJoinMost, voicesJoin }),
    chats: Object.fromEntries(all),
    ...(maxEnlisted === undefined ? {} : { maxEnlisted }),
    displayName: network.displayName ?? adapter.displayName,
    command: commandOf(network, adapter),
    voices: voicesOf(network, adapter),
    options,
  };
}

type OwnRate = z.infer<typeof OwnUserRate>;

const rateOf = (everywhere: UserRate, { burst, perSecond }: OwnRate = {}): UserRate => ({
  burst: burst ?? everywhere.burst,
  perSecond: perSecond ?? everywhere.perSecond,
});

function joinsOf({ ghostsJoin, ghostsJoinMost, voicesJoin }: JoinsGiven): JoinOptions {
  return {
    ...(ghostsJoin && { ghostsJoin }),
    ...(ghostsJoinMost !== undefined && { ghostsJoinMost }),
    ...(voicesJoin && { voicesJoin }),
  };
}

type JoinsGiven = { readonly [K in keyof JoinOptions]?: JoinOptions[K] | undefined };
