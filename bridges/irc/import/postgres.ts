import type { Client } from 'pg';
import { BridgeError } from '#adapter';
import { type OldData, personIn } from './old-data.ts';

/** The schemas that have all that is read here. Later ones would be unknown. */
const OLDEST = 4;
const NEWEST = 9;

/**
 * Reads the database, as it is at one moment, in a transaction that can write nothing.
 *
 * @throws {BridgeError} `not_allowed`: it cannot be reached, or is of another version.
 */
export async function readPostgres(url: string): Promise<OldData> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A server that goes away is told by the query that waits for it.
  client.on('error', () => {});
  try {
    await client.connect().catch((cause: Error) => {
      const text = `the old database cannot be opened (${cause.message}): name it with --database`;
      throw refused(text, cause);
    });
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await checkVersion(client);
    return await readAll(client);
  } finally {
    await client.end();
  }
}

async function checkVersion(client: Client): Promise<void> {
  const { rows } = await client
    .query<{ version: number }>('SELECT version FROM schema')
    .catch((cause: Error) => {
      throw refused(`this is no database of matrix-appservice-irc (${cause.message})`, cause);
    });
  const version = rows[0]?.version ?? 0;
  if (version >= OLDEST && version <= NEWEST) return;
  throw refused(
    `the old database has version ${version}, and what is known here are ${OLDEST} to ${NEWEST}: ` +
      'start a release of the old bridge once that brings it there',
  );
}

async function readAll(client: Client): Promise<OldData> {
  const all = async <Row>(query: string): Promise<readonly Row[]> =>
    (await client.query(query)).rows;
  const count = async (table: string) =>
    Number((await all<{ count: string }>(`SELECT count(*) FROM ${table}`))[0]?.count ?? 0);
  return {
    channels: await all(`
      SELECT irc_domain AS domain, irc_channel AS channel, room_id AS room, origin
      FROM rooms WHERE type = 'channel' ORDER BY irc_domain, irc_channel, room_id`),
    privateRooms: await all(`
      SELECT irc_domain AS domain, irc_nick AS nick, room_id AS room, matrix_user_id AS "userId"
      FROM pm_rooms ORDER BY room_id`),
    adminRooms: await all(
      'SELECT room_id AS room, user_id AS "userId" FROM admin_rooms ORDER BY room_id',
    ),
    people: (
      await all<PersonRow>(
        'SELECT user_id, domain, config, password FROM client_config ORDER BY domain, user_id',
      )
    ).map(({ domain, user_id, config, password }) =>
      personIn(domain, user_id, config ?? {}, password),
    ),
    deactivated: (
      await all<{ user_id: string }>('SELECT user_id FROM deactivated_users ORDER BY user_id')
    ).map(({ user_id }) => user_id),
    others: [{ what: 'settings of users by !feature', count: await count('user_features') }],
  };
}

interface PersonRow {
  readonly user_id: string;
  readonly domain: string;
  readonly config: Readonly<Record<string, unknown>> | null;
  readonly password: string | null;
}

const refused = (text: string, cause?: unknown) =>
  new BridgeError('not_allowed', text, { effect: 'none', cause });
