import { z } from 'zod';
import type { Path } from './problem.ts';

/** What is read of a JSON schema: all that explaining and printing a config needs. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  /** Never shown: said with `.meta({ secret: true })`. */
  readonly secret?: boolean;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** A schema as data. What JSON cannot say (a transform, a check of our own) is left out of it. */
export const schemaNode = (schema: z.ZodType): SchemaNode =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;

/** What a step leads to; through the alternatives of a union, the first that knows it. */
function child(node: SchemaNode, step: string | number): SchemaNode | undefined {
  if (typeof step === 'number') return node.items;
  const named = node.properties?.[step];
  if (named !== undefined) return named;
  if (typeof node.additionalProperties === 'object') return node.additionalProperties;
  for (const other of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) {
    const found = child(other, step);
    if (found) return found;
  }
  return undefined;
}

export const nodeAt = (root: SchemaNode, path: Path): SchemaNode | undefined =>
  path.reduce<SchemaNode | undefined>((node, step) => node && child(node, step), root);

/** Whether a value must not be shown: marked so, or named so. */
export const isSecret = (node: SchemaNode | undefined, path: Path) =>
  node?.secret === true ||
  path.some((step) => /(password|secret|token|key|pass)$/i.test(`${step}`));
