import { z } from 'zod';
import * as common from './common.ts';
import * as conversations from './conversations.ts';
import * as devices from './devices.ts';
import * as ephemeral from './ephemeral.ts';
import * as events from './events.ts';
import * as jwk from './jwk.ts';
import * as keys from './keys.ts';
import * as media from './media.ts';
import * as messages from './messages.ts';
import * as problems from './problems.ts';
import * as providers from './providers.ts';
import * as server from './server.ts';
import * as tokens from './tokens.ts';
import * as users from './users.ts';

export type Json = Record<string, unknown>;

const sections = [
  common,
  conversations,
  devices,
  ephemeral,
  events,
  jwk,
  keys,
  media,
  messages,
  problems,
  providers,
  server,
  tokens,
  users,
];

/** The name of a schema, if it has one. */
const idOf = (schema: z.ZodType): string | undefined => schema.meta()?.id;

/** Every schema that has a name, as JSON Schema, referring to the others by `uri`. */
export function namedSchemas(uri: (id: string) => string): Record<string, Json> {
  const named = z.registry<{ id: string }>();
  for (const section of sections)
    for (const value of Object.values(section)) {
      const id = value instanceof z.ZodType ? idOf(value) : undefined;
      if (id !== undefined) named.add(value as z.ZodType, { id });
    }
  const { schemas } = z.toJSONSchema(named, { io: 'input', uri });
  return Object.fromEntries(
    Object.entries(schemas)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, schema]) => [id, withoutNames(schema)]),
  );
}

/** Where they lie says already what they are. */
function withoutNames(schema: unknown): Json {
  const { $schema: _, $id: __, id: ___, ...rest } = schema as Json;
  return rest;
}

export const componentUri = (id: string) => `#/components/schemas/${id}`;

/** A schema within the OpenAPI document: by its name if it has one. */
export function schemaOf(schema: z.ZodType): Json {
  const id = idOf(schema);
  if (id !== undefined) return { $ref: componentUri(id) };
  return withoutNames(z.toJSONSchema(schema, { io: 'input' }));
}
