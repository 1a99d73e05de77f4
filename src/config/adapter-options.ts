import type { NetworkAdapter } from '../adapter/network.ts';
import { type EnvironmentReader, optionNames, typed } from './environment.ts';
import { explain, noMessage, valueAt } from './explain.ts';
import { type ConfigProblem, type Path, pathText } from './problem.ts';
import { schemaNode } from './schema-node.ts';
import type { YamlFile } from './yaml-file.ts';

export interface CheckedOptions {
  readonly options?: unknown;
  readonly problems: readonly ConfigProblem[];
}

/** The options of one network, from the file and the environment, checked by its adapter's schema. */
export async function checkOptions(
  file: YamlFile,
  id: string,
  adapter: NetworkAdapter,
  environment: EnvironmentReader,
): Promise<CheckedOptions> {
  const root: Path = ['networks', id, 'options'];
  const schema = schemaNode(adapter.config);
  const { value, sources } = withEnvironment(valueAt(file.value, root) ?? {});
  const parsed = await adapter.config.safeParseAsync(value, { error: noMessage });
  if (parsed.success) return { options: parsed.data, problems: [] };
  const problems = parsed.error.issues.flatMap((issue) =>
    explain(issue, schema, value).map(({ path, key, message }) => ({
      where: sources.get(pathText(path)) ?? place([...root, ...path], key),
      path: pathText([...root, ...path, ...(key === undefined ? [] : [key])]),
      message,
    })),
  );
  return { problems };

  function withEnvironment(fromFile: unknown) {
    const whole = structuredClone(fromFile);
    const from = new Map<string, string>();
    for (const [name, { path, node }] of optionNames(id, schema)) {
      const text = environment.read(name);
      if (text === undefined || !isGroup(whole)) continue;
      set(whole, path, typed(text, node));
      from.set(pathText(path), environment.where(name));
    }
    return { value: whole, sources: from };
  }

  function place(path: Path, key: string | undefined) {
    return key === undefined ? file.where(path) : file.whereKey(path, key);
  }
}

const isGroup = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function set(whole: Record<string | number, unknown>, path: Path, value: unknown) {
  const [step, ...rest] = path;
  if (step === undefined) return;
  if (rest.length === 0) {
    whole[step] = value;
    return;
  }
  const inner = isGroup(whole[step]) ? whole[step] : {};
  whole[step] = inner;
  set(inner, rest, value);
}
