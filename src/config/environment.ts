import { readFileSync } from 'node:fs';
import { nearestName } from '../util/nearest-name.ts';
import type { Secrets } from './bridge-config.ts';
import type { ConfigProblem, Path } from './problem.ts';
import type { SchemaNode } from './schema-node.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const secretNames = {
  DRAWBRIDGE_AS_TOKEN: 'asToken',
  DRAWBRIDGE_HS_TOKEN: 'hsToken',
  DRAWBRIDGE_STORAGE_KEY: 'storageKey',
} as const satisfies Record<string, keyof Secrets>;

const OURS = 'DRAWBRIDGE_';
const bare = (name: string) => name.slice(OURS.length);

const constant = (name: string) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

export interface Option {
  readonly path: Path;
  readonly node: SchemaNode;
}

/** The options of one network that the environment may set, by variable: whatever is one value. */
export function optionNames(id: string, options: SchemaNode): ReadonlyMap<string, Option> {
  const leaves = (node: SchemaNode, path: Path): readonly Option[] =>
    Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
      inner.properties
        ? leaves(inner, [...path, key])
        : inner.type === 'array' || inner.type === 'object'
          ? []
          : [{ path: [...path, key], node: inner }],
    );
  const named = leaves(options, []).map(
    (option) =>
      [
        `DRAWBRIDGE_NETWORKS_${[id, ...option.path].map(String).map(constant).join('_')}`,
        option,
      ] as const,
  );
  return new Map(named);
}

/** Reads variables and the files that `…_FILE` variables name, and remembers what was wrong. */
export class EnvironmentReader {
  readonly #env: Environment;
  readonly #known: string[] = [];
  readonly problems: ConfigProblem[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** Where a value that came from the environment is to be mended. */
  where(name: string): string {
    return `environment variable ${this.#env[name] === undefined ? `${name}_FILE` : name}`;
  }

  /** An empty variable counts as not set. */
  read(name: string): string | undefined {
    this.#known.push(name, `${name}_FILE`);
    const value = this.#env[name] || undefined;
    const file = this.#env[`${name}_FILE`] || undefined;
    if (file === undefined) return value;
    if (value !== undefined) {
      this.#problem(name, `is set, and ${name}_FILE as well: unset one of them`);
      return value;
    }
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      this.#problem(`${name}_FILE`, `cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  secrets(): Secrets {
    const found = Object.entries(secretNames).flatMap(([name, key]) => {
      const value = this.read(name);
      return value === undefined ? [] : [[key, value]];
    });
    return Object.fromEntries(found) as Secrets;
  }

  /**
   * Variables that look like ours and are not. Only options of networks and what is nearly a known
   * name: container systems put `<SERVICE>_PORT` and the like there by themselves.
   */
  unknown(): readonly ConfigProblem[] {
    return Object.keys(this.#env)
      .filter((name) => name.startsWith(OURS) && !this.#known.includes(name))
      .flatMap((name) => {
        const near = nearestName(bare(name), this.#known.map(bare));
        const hint = near ? `; did you mean ${OURS}${near}?` : '';
        return near || name.startsWith('DRAWBRIDGE_NETWORKS_')
          ? [{ where: `environment variable ${name}`, path: '', message: `sets nothing${hint}` }]
          : [];
      });
  }

  #problem(name: string, message: string) {
    this.problems.push({ where: `environment variable ${name}`, path: '', message });
  }
}

/** What a variable says, as the schema wants it: a number or a truth value is not left a text. */
export function typed(text: string, node: SchemaNode): unknown {
  if (node.type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  const isNumber = node.type === 'integer' || node.type === 'number';
  return isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
