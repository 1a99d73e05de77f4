import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BridgeError } from '#adapter';
import { type OldData, type OldPerson, personIn, textIn } from './old-data.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the files of a database that was kept by NeDB, and leaves them alone.
 *
 * @param domains the servers of the config, as the files write a `_` for each dot.
 * @throws {BridgeError} `not_allowed`: what is wrong with them.
 */
export async function readNedb(folder: string, domains: readonly string[]): Promise<OldData> {
  const rooms = await documents(join(folder, 'rooms.db'));
  const users = (await documents(join(folder, 'users.db'))).filter(({ type }) => type === 'matrix');
  const channels = rooms.filter((doc) => isLink(doc) && !isPrivate(doc));
  return {
    channels: channels.map((doc) => {
      const origin = textIn(at(doc, 'data')['origin']);
      return { ...chatOf(doc), ...(origin !== undefined && { origin }) };
    }),
    privateRooms: rooms
      .filter((doc) => isLink(doc) && isPrivate(doc))
      .map((doc) => {
        const { domain, channel, room } = chatOf(doc);
        return {
          domain,
          nick: channel,
          room,
          userId: String(at(doc, 'data')['real_user_id'] ?? ''),
        };
      }),
    adminRooms: rooms.flatMap((doc) => {
      const userId = textIn(at(at(doc, 'matrix'), 'extras')['admin_id']);
      return userId === undefined ? [] : [{ room: String(doc['matrix_id']), userId }];
    }),
    people: users.flatMap((doc) => peopleIn(doc, domains)),
    deactivated: users.filter((doc) => at(doc, 'data')['deactivated'] === true).map(idOf),
    others: [
      {
        what: 'settings of users by !feature',
        count: users.filter((doc) => Object.keys(at(at(doc, 'data'), 'features')).length > 0)
          .length,
      },
    ],
  };
}

const at = (doc: Json, key: string): Json => {
  const value = doc[key];
  return typeof value === 'object' && value !== null ? (value as Json) : {};
};

const idOf = (doc: Json): string => String(doc['id']);
const isLink = (doc: Json): boolean =>
  textIn(doc['matrix_id']) !== undefined && textIn(at(doc, 'remote')['channel']) !== undefined;
/** Some are written down as channels. */
const isPrivate = (doc: Json): boolean =>
  idOf(doc).startsWith('PM') || at(doc, 'remote')['type'] === 'pm';

const chatOf = (doc: Json) => ({
  domain: String(at(doc, 'remote')['domain']),
  channel: String(at(doc, 'remote')['channel']),
  room: String(doc['matrix_id']),
});

function peopleIn(doc: Json, domains: readonly string[]): readonly OldPerson[] {
  const configs = at(at(doc, 'data'), 'client_config');
  return Object.keys(configs).map((key) => {
    const domain = domains.find((one) => one.replaceAll('.', '_') === key) ?? key;
    const config = at(configs, key);
    return personIn(domain, idOf(doc), config, config['password']);
  });
}

/** A document on each line. A later line with the same `_id` takes its place, or says that it is gone. */
async function documents(path: string): Promise<readonly Json[]> {
  const found = new Map<unknown, Json>();
  for (const [i, line] of (await textOf(path)).split('\n').entries()) {
    const doc = line.trim() === '' ? undefined : parsed(line, `${path}:${i + 1}`);
    if (doc?.['$$deleted'] === true) found.delete(doc['_id']);
    else if (doc && doc['_id'] !== undefined) found.set(doc['_id'], doc);
  }
  return [...found.values()];
}

function parsed(line: string, where: string): Json {
  try {
    return JSON.parse(line) as Json;
  } catch (cause) {
    const text = `${where} is no line of a NeDB file: start the old bridge once and stop it, which mends its files`;
    throw new BridgeError('not_allowed', text, { effect: 'none', cause });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const text = `${path} cannot be read: name the folder of the old database with --database`;
    throw new BridgeError('not_allowed', text, { effect: 'none', cause });
  }
}
