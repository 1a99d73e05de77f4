import type { z } from 'zod';
import { nearestName } from '../util/nearest-name.ts';
import type { Path } from './problem.ts';
import { isSecret, nodeAt, type SchemaNode } from './schema-node.ts';

type Issue = z.core.$ZodIssue;

/** Given to `safeParse` as `error`: leaves the message to `explain`, unless the schema has its own. */
export const noMessage = () => '';

/** What is wrong, for people: what was expected and what came. An unknown key is one line each. */
export function explain(issue: Issue, root: SchemaNode, value: unknown): readonly Explained[] {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(nodeAt(root, path)?.properties ?? {});
    return issue.keys.map((key) => ({ path, key, message: unknownKey(key, known) }));
  }
  const key = issue.code === 'invalid_key' ? path.pop() : undefined;
  if (typeof key === 'string') {
    const inner = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
    return [{ path, key, message: inner || 'this name is not allowed here' }];
  }
  const node = nodeAt(root, path);
  const wanted = issue.message || `expected ${describe(node)}`;
  return [{ path, message: `${wanted}; ${what(valueAt(value, path), isSecret(node, path))}` }];
}

export interface Explained {
  /** The value that is wrong, or that has the key that is wrong. */
  readonly path: Path;
  readonly key?: string;
  readonly message: string;
}

export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  if (near) return `there is no such key; did you mean ${near}?`;
  return known.length > 0
    ? `there is no such key; known here: ${[...known].sort().join(', ')}`
    : 'there is no such key; none are known here';
}

export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step)
        ? (inner as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );

function what(value: unknown, secret: boolean): string {
  if (value === undefined) return 'it is missing';
  if (Array.isArray(value)) return 'it is a list';
  if (typeof value === 'object') return 'it is a group of keys';
  if (secret) return 'it is something else (not shown, as it may be a secret)';
  const text = JSON.stringify(value);
  return `it is ${text.length > 60 ? `${text.slice(0, 57)}…` : text}`;
}

/** What a schema takes, in words. */
export function describe(node: SchemaNode | undefined): string {
  const choices = node?.anyOf ?? node?.oneOf;
  if (choices) return [...new Set(choices.map(describe))].join(' or ');
  if (node?.const !== undefined) return JSON.stringify(node.const);
  if (node?.enum) return `one of ${node.enum.join(', ')}`;
  const example = node?.examples?.[0];
  const such = typeof example === 'string' && example !== '' ? ` such as ${example}` : '';
  return `${ofType(node)}${such}`;
}

function ofType(node: SchemaNode | undefined): string {
  switch (node?.type) {
    case 'integer':
      return `a whole number${range(node)}`;
    case 'number':
      return `a number${range(node)}`;
    case 'boolean':
      return 'true or false';
    case 'array':
      return `a list of ${node.items ? describe(node.items) : 'values'}`;
    case 'object':
      return 'a group of keys';
    case 'string':
      return `a text${shape(node)}`;
    default:
      return 'something else';
  }
}

function shape(node: SchemaNode): string {
  if (node.pattern) return ` that matches ${node.pattern}`;
  if (node.maxLength !== undefined)
    return ` of ${node.minLength ?? 0} to ${node.maxLength} letters`;
  return '';
}

function range({ minimum, maximum }: SchemaNode): string {
  const from = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const to = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? '' : ` of at most ${to}`;
}
