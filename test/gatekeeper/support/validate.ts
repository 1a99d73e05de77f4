import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Shown } from '../../../gatekeeper/server/app.ts';
import { type EventEnvelope, openApi } from '../../../gia/schemas/index.ts';

type Json = Record<string, unknown>;
interface Described {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { content?: Readonly<Record<string, { schema: Json }>> }>
  >;
}

const document = openApi();
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(document, 'gia');

const byName = new Map<string, Described>();
for (const path of Object.values(document['paths'] as Json))
  for (const operation of Object.values(path as Record<string, Described>))
    byName.set(operation.operationId, operation);

/** What the document says of a JSON value, looked up once. */
const checks = new Map<string, (value: unknown) => string>();
function check(name: string, schema: Json, value: unknown): string {
  const known = checks.get(name);
  if (known !== undefined) return known(value);
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"gia#/'));
  const validate = ajv.compile(absolute);
  checks.set(name, (it) => (validate(it) ? '' : ajv.errorsText(validate.errors)));
  return check(name, schema, value);
}

/** What of an answer is not as the OpenAPI document says; '' where all is. */
export function answerFault({ operation, status, type, body }: Shown): string {
  if (operation === undefined)
    return check('problem', { $ref: '#/components/schemas/Problem' }, JSON.parse(body));
  const response = byName.get(operation)?.responses[status];
  if (response === undefined) return `${operation} has no answer ${status}: ${body}`;
  const { content } = response;
  if (content === undefined) return body === '' ? '' : `${operation} ${status} has no body`;
  const schema = content[type]?.schema;
  if (schema === undefined) return `${operation} ${status} is no ${type}`;
  if (!type.includes('json')) return '';
  const fault = check(`${operation} ${status}`, schema, JSON.parse(body));
  return fault === '' ? '' : `${operation} ${status}: ${fault} in ${body.slice(0, 400)}`;
}

/** Every event that a gatekeeper says is one of those that are known. */
export function eventFault(event: EventEnvelope): string {
  const fault = check(
    'event',
    { $ref: '#/components/schemas/KnownEvent' },
    JSON.parse(JSON.stringify(event)),
  );
  return fault === '' ? '' : `${event.type}: ${fault}`;
}
