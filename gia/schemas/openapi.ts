import type { z } from 'zod';
import { basePath, GiaUser, GiaVersion, giaVersion, headers } from './headers.ts';
import { componentUri, type Json, namedSchemas, schemaOf } from './named-schemas.ts';
import { refusals } from './openapi-refusals.ts';
import type { Answer, Operation } from './operation.ts';
import { operations } from './operations.ts';

const json = (schema: z.ZodType) => ({ 'application/json': { schema: schemaOf(schema) } });
const bytes = { 'application/octet-stream': { schema: {} } };

function contentOf(answer: Answer): Json {
  if (answer === 'nothing') return {};
  if (answer === 'bytes') return { content: bytes };
  if (answer === 'events')
    return { content: { 'text/event-stream': { schema: { type: 'string' } } } };
  return { content: json(answer) };
}

const parameter = (where: string, name: string, schema: z.ZodType): Json => ({
  in: where,
  name,
  required: where === 'path' || !schema.safeParse(undefined).success,
  schema: schemaOf(schema),
});

const allOf = (where: string, schemas: Readonly<Record<string, z.ZodType>> = {}): Json[] =>
  Object.entries(schemas).map(([name, schema]) => parameter(where, name, schema));

const ofEveryCall = ({ callers }: Operation): Json[] => [
  parameter('header', headers.version, GiaVersion.optional()),
  ...(callers === 'user' ? [parameter('header', headers.user, GiaUser.optional())] : []),
];

const securityOf: Record<Operation['callers'], Json[]> = {
  anyone: [],
  provider: [{ provider: [] }],
  user: [{ provider: [] }, { localUser: [] }],
  caller: [{ provider: [] }, { localUser: [] }],
  local: [{ localUser: [] }],
};

function described(name: string, operation: Operation): Json {
  const { body } = operation;
  return {
    operationId: name,
    summary: operation.summary,
    security: securityOf[operation.callers],
    parameters: [
      ...allOf('path', operation.params),
      ...allOf('query', operation.query?.shape),
      ...ofEveryCall(operation),
      ...allOf('header', operation.headers),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: body === 'bytes' ? bytes : json(body) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(operation.answers).map(([status, answer]) => [
          status,
          { description: operation.summary, ...contentOf(answer) },
        ]),
      ),
      ...refusals(operation),
    },
  };
}

function paths(): Json {
  const found: Record<string, Json> = {};
  for (const [name, operation] of Object.entries<Operation>(operations)) {
    const path = `${basePath}${operation.path === '/' ? '' : operation.path}`;
    found[path] = { ...found[path], [operation.method.toLowerCase()]: described(name, operation) };
  }
  return found;
}

const securitySchemes = {
  provider: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`GIA <jwt>`: a RequestToken, signed by the provider for this one request.',
  },
  localUser: { type: 'http', scheme: 'bearer', description: 'The token of a login.' },
};

/** The OpenAPI 3.1 document of the whole interface. */
export const openApi = (
  origin = 'https://gia.alicechat.example',
): Json & { readonly openapi: string } => ({
  openapi: '3.1.0',
  info: {
    title: 'Gatekeeper Interop API',
    version: giaVersion,
    description:
      'How the users of other providers talk to the users of a gatekeeper. The prose is in docs/gia/README.md.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: origin }],
  paths: paths(),
  components: { schemas: namedSchemas(componentUri), securitySchemes },
});
