import { parse } from 'yaml';
import { z } from 'zod';

const Namespace = z.array(z.object({ exclusive: z.boolean(), regex: z.string() })).default([]);

const Registration = z.object({
  id: z.string().min(1),
  url: z.string().nullable(),
  as_token: z.string().min(1),
  hs_token: z.string().min(1),
  sender_localpart: z.string().min(1),
  rate_limited: z.boolean().optional(),
  namespaces: z.object({
    users: Namespace,
    aliases: Namespace,
    rooms: Namespace,
  }),
  protocols: z.array(z.string()).default([]),
  receive_ephemeral: z.boolean().default(false),
  'de.sorunome.msc2409.push_ephemeral': z.boolean().default(false),
});

interface Pattern {
  readonly exclusive: boolean;
  readonly regex: RegExp;
}

/** An appservice, as its registration file describes it. */
export class Appservice {
  readonly id: string;
  /** Absent: nothing is sent to it. */
  readonly url: string | undefined;
  readonly asToken: string;
  readonly hsToken: string;
  /** The user that it is when it does not say who. */
  readonly sender: string;
  readonly protocols: readonly string[];
  /** Under which keys it wants typing, receipts and presence. */
  readonly ephemeralKeys: readonly string[];
  readonly #users: readonly Pattern[];
  readonly #aliases: readonly Pattern[];
  readonly #rooms: readonly Pattern[];
  readonly #known = new Map<string, boolean>();

  constructor(given: z.infer<typeof Registration>, serverName: string) {
    this.id = given.id;
    this.url = given.url === null || given.url === '' ? undefined : given.url.replace(/\/+$/, '');
    this.asToken = given.as_token;
    this.hsToken = given.hs_token;
    this.sender = `@${given.sender_localpart}:${serverName}`;
    this.protocols = given.protocols;
    const unstable = 'de.sorunome.msc2409';
    this.ephemeralKeys = [
      ...(given.receive_ephemeral ? ['ephemeral'] : []),
      ...(given[`${unstable}.push_ephemeral`] ? [`${unstable}.ephemeral`] : []),
    ];
    this.#users = given.namespaces.users.map(compile);
    this.#aliases = given.namespaces.aliases.map(compile);
    this.#rooms = given.namespaces.rooms.map(compile);
  }

  /** Whether a user is its own: in its namespace, or the sender itself. */
  ownsUser(userId: string): boolean {
    const known = this.#known.get(userId);
    if (known !== undefined) return known;
    const owns = userId === this.sender || matches(this.#users, userId);
    this.#known.set(userId, owns);
    return owns;
  }

  ownsUserAlone(userId: string): boolean {
    return userId === this.sender || matches(exclusive(this.#users), userId);
  }

  ownsAlias(alias: string): boolean {
    return matches(this.#aliases, alias);
  }

  ownsAliasAlone(alias: string): boolean {
    return matches(exclusive(this.#aliases), alias);
  }

  ownsRoom(roomId: string): boolean {
    return matches(this.#rooms, roomId);
  }
}

/** Anchored at the start only, and with a feeling for case, as Synapse does it. */
const compile = ({ exclusive: alone, regex }: { exclusive: boolean; regex: string }): Pattern => ({
  exclusive: alone,
  regex: new RegExp(`^(?:${regex})`),
});
const matches = (patterns: readonly Pattern[], id: string) =>
  patterns.some(({ regex }) => regex.test(id));
const exclusive = (patterns: readonly Pattern[]) => patterns.filter((of) => of.exclusive);

/**
 * Reads registration files.
 *
 * @throws {Error} where one is wrong, or two share an id or a token; it says which and what.
 */
export function readRegistrations(
  texts: readonly string[],
  serverName: string,
): readonly Appservice[] {
  const found: Appservice[] = [];
  for (const [index, text] of texts.entries()) {
    const appservice = readOne(text, index, serverName);
    for (const other of found)
      if (other.id === appservice.id || other.asToken === appservice.asToken)
        throw new Error(`Two registrations share the id or the as_token of '${appservice.id}'`);
    found.push(appservice);
  }
  return found;
}

function readOne(text: string, index: number, serverName: string): Appservice {
  const parsed = Registration.safeParse(parse(text));
  if (parsed.success) return new Appservice(parsed.data, serverName);
  throw new Error(`Registration ${index + 1}: ${z.prettifyError(parsed.error)}`);
}
