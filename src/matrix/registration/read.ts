import { parseDocument } from 'yaml';
import { z } from 'zod';
import type { Registration } from './model.ts';

const namespaces = z
  .array(z.looseObject({ exclusive: z.boolean(), regex: z.string().min(1) }))
  .default([]);

const File = z.looseObject({
  id: z.string().min(1),
  url: z.string().nullable(),
  as_token: z.string().min(1),
  hs_token: z.string().min(1),
  sender_localpart: z.string().min(1),
  rate_limited: z.boolean().default(true),
  receive_ephemeral: z.boolean().default(false),
  'de.sorunome.msc2409.push_ephemeral': z.boolean().default(false),
  protocols: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
  namespaces: z.looseObject({ users: namespaces, aliases: namespaces, rooms: namespaces }),
});

/**
 * Reads a registration file. Keys that it does not know are left alone: they are the homeserver's.
 *
 * @throws {SyntaxError} with the file, the key, and what is expected there, one line for each.
 */
export function readRegistration(text: string, fileName: string): Registration {
  const file = File.safeParse(yamlOf(text, fileName), { error: expectation });
  if (!file.success) throw new SyntaxError(problems(file.error, fileName));
  const { data } = file;
  return {
    id: data.id,
    url: data.url,
    asToken: data.as_token,
    hsToken: data.hs_token,
    senderLocalpart: data.sender_localpart,
    rateLimited: data.rate_limited,
    receiveEphemeral: data.receive_ephemeral,
    pushEphemeral: data['de.sorunome.msc2409.push_ephemeral'],
    protocols: data.protocols,
    namespaces: {
      users: data.namespaces.users,
      aliases: data.namespaces.aliases,
      rooms: data.namespaces.rooms,
    },
  };
}

function yamlOf(text: string, fileName: string): unknown {
  // The parser's own message would quote the line, and that may have a token in it.
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split('\n').length;
    throw new SyntaxError(`${fileName}:${line}: not YAML (${error.code})`);
  }
  try {
    return document.toJS();
  } catch {
    // Such as an alias that stands for itself a million times over.
    throw new SyntaxError(`${fileName}: not a YAML document that can be read`);
  }
}

/** Zod's own words for a missing key are about JavaScript. */
function expectation(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  return `${issue.input === undefined ? 'is missing; ' : ''}expected ${issue.expected}`;
}

function problems(error: z.ZodError, fileName: string): string {
  const lines = error.issues.map(
    (issue) => `${fileName}: ${issue.path.join('.') || 'the whole file'}: ${issue.message}`,
  );
  return lines.join('\n');
}
