import { basename } from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { ConfigError, type Path } from './problem.ts';

/** A YAML file that remembers where everything in it stands. */
export interface YamlFile {
  readonly value: unknown;
  /** `config.yaml:3:5`: where this stands, or the nearest thing around it. */
  where(path: Path): string;
  /** Where the name of a key stands. */
  whereKey(path: Path, key: string): string;
}

/** @throws {ConfigError} with every mistake in the YAML itself. */
export function readYaml(path: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${basename(path)}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length > 0) {
    throw new ConfigError(
      mistakes.map(({ pos, message }) => ({ where: at(pos[0]), path: '', message: tidy(message) })),
    );
  }
  return {
    value: withoutNulls(plain(document, at(0))),
    where: (wanted) => at(offsetOf(document, wanted)),
    whereKey: (wanted, key) => at(keyOffset(document, wanted, key)),
  };
}

const tidy = (message: string) => `not valid YAML: ${message.split('\n')[0]}`;

/** What an alias stands for is looked up only here. */
function plain(document: Document, where: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new ConfigError([{ where, path: '', message: tidy((error as Error).message) }]);
  }
}

function pairOf(document: Document, path: Path, key: string | number) {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  return isMap(map)
    ? map.items.find(({ key: name }) => isScalar(name) && String(name.value) === `${key}`)
    : undefined;
}

const startOf = (node: unknown) => (isNode(node) && node.range ? node.range[0] : undefined);

/** A group or list that is wrong as a whole is best found by its key. */
function offsetAt(document: Document, path: Path): number | undefined {
  const key = path.at(-1);
  if (key === undefined) return 0;
  const pair = pairOf(document, path.slice(0, -1), key);
  if (!pair) return startOf(document.getIn(path, true));
  const isOneValue = isScalar(pair.value) && pair.value.value !== null;
  return startOf(isOneValue ? pair.value : pair.key);
}

function offsetOf(document: Document, path: Path): number {
  return offsetAt(document, path) ?? offsetOf(document, path.slice(0, -1));
}

const keyOffset = (document: Document, path: Path, key: string) =>
  startOf(pairOf(document, path, key)?.key) ?? offsetOf(document, path);

/** A key without a value counts as left out, as when all that stood under it is commented out. */
function withoutNulls(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutNulls(inner)]),
  );
}
