import type { NetworkAdapter } from '../adapter/network.ts';
import { type ConfigProblem, type Path, pathText } from './problem.ts';
import type { ConfigFile } from './schema.ts';
import type { YamlFile } from './yaml-file.ts';

type Adapters = ReadonlyMap<string, NetworkAdapter>;

/** What no key can be judged by alone. Networks without an adapter are left out. */
export function crossChecks(
  file: YamlFile,
  config: ConfigFile,
  adapters: Adapters,
): readonly ConfigProblem[] {
  const problem = (path: Path, message: string) => ({
    where: file.where(path),
    path: pathText(path),
    message,
  });
  return [
    ...Object.entries(config.networks).flatMap(([id, network]) => [
      ...unofferedVoices(network, adapters.get(id)).map((message) =>
        problem(['networks', id, 'voices'], message),
      ),
      ...repeatedPortals(network).map((i) =>
        problem(['networks', id, 'portals', i], 'this chat and this room are linked above already'),
      ),
    ]),
  ];
}

type Network = ConfigFile['networks'][string];

/** Networks of one kind may share it: the bot then wants the network's id as the next word. */
export const commandOf = (network: Network, adapter: NetworkAdapter) =>
  network.command ?? `!${adapter.id}`;

export const voicesOf = ({ voices }: Network, adapter: NetworkAdapter) =>
  voices.filter((voice) => adapter.voices.includes(voice));

function unofferedVoices(network: Network, adapter: NetworkAdapter | undefined) {
  if (!adapter || voicesOf(network, adapter).length > 0) return [];
  const offered = adapter.voices.join(', ') || 'none';
  return [`expected one of the voices that ${adapter.displayName} offers: ${offered}`];
}

function repeatedPortals({ portals }: Network) {
  const seen = new Set<string>();
  return portals.flatMap(({ chat, room }, i) => {
    const key = JSON.stringify([chat, room]);
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated ? [i] : [];
  });
}
