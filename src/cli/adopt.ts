import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { parse, stringify } from 'yaml';
import type {
  Adopted,
  AdoptedPerson,
  AdoptedPortal,
  Adoption,
} from '../adapter/operator-command.ts';
import { type BridgeConfig, loadConfig, storagePaths } from '../config/index.ts';
import { adapterState, stateWrites } from '../engine/adapter-state.ts';
import { adopt, adoptionsOf } from '../engine/adoptions.ts';
import { voiceId } from '../engine/voice-choice.ts';
import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { Storage } from '../ports/store.ts';
import { type Context, type Input, UsageError } from './command.ts';
import { configPath } from './settings.ts';
import { makeStorage, openExisting } from './storage.ts';

interface Order {
  readonly adoption: Adoption;
  readonly write: boolean;
}

/** Takes over what another bridge had. Can be done again, also after it was cut off in the middle. */
export async function adoptInto(
  context: Context,
  input: Input,
  { adoption, write }: Order,
): Promise<readonly Adopted[]> {
  const path = configPath(context, input);
  const text = stringify(adoption.config);
  const there = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  const env = context.io.env;
  const config = await loadConfig(path, { adapters: context.adapters, env, text: there ?? text });
  checkNetworks(config, adoption);
  const storage = await storageFor(config, write);
  try {
    if (write && there === undefined) await writeFile(path, text, { flag: 'wx', mode: 0o600 });
    const asConfig = there === undefined ? 'new' : sameConfig(there, adoption) ? 'there' : 'other';
    const rows: Adopted[] = [asConfig];
    const waiting = await waitingIn(storage, Object.keys(config.networks));
    for (const portal of adoption.portals)
      rows.push(await adoptPortal(storage, portal, { write, waiting }));
    for (const person of adoption.people) rows.push(await adoptPerson(storage, person, write));
    return rows;
  } finally {
    await storage?.close();
  }
}

const sameConfig = (text: string, { config }: Adoption): boolean =>
  isDeepStrictEqual(parse(text), parse(stringify(config)));

function checkNetworks({ path, networks }: BridgeConfig, { config }: Adoption): void {
  for (const id of Object.keys((config['networks'] ?? {}) as object))
    if (!Object.hasOwn(networks, id))
      throw new UsageError(
        `${path} has no network ${id}: name another file with --config, or add it`,
      );
}

/** `undefined`: there is none, and none is made where nothing is to be written. */
async function storageFor(config: BridgeConfig, write: boolean): Promise<Storage | undefined> {
  const { database } = storagePaths(config);
  const { isInUse } = await import('../store/sqlite/in-use.ts');
  if (existsSync(database) && isInUse(database))
    throw new UsageError(
      `the database ${database} is in use: stop the bridge that runs with it first`,
    );
  if (existsSync(database)) return openExisting(config);
  return write ? makeStorage(config) : undefined;
}

async function adoptPortal(
  storage: Storage | undefined,
  { network, ...portal }: AdoptedPortal,
  { write, waiting }: { readonly write: boolean; readonly waiting: Set<string> },
): Promise<Adopted> {
  const key = keyOf(network, portal);
  if (waiting.has(key) || (storage && (await isLinked(storage, network, portal)))) return 'there';
  waiting.add(key);
  if (write) await storage?.journal.commit([adopt(network, portal)]);
  return 'new';
}

type Wish = Pick<AdoptedPortal, 'chat' | 'room'>;

const keyOf = (network: string, { chat, room }: Wish) => JSON.stringify([network, chat, room]);

/** What was taken over before, and is no portal yet. */
async function waitingIn(storage: Storage | undefined, networks: readonly string[]) {
  const keys = new Set<string>();
  if (!storage) return keys;
  for (const network of networks)
    for (const wish of await adoptionsOf(storage, network)) keys.add(keyOf(network, wish));
  return keys;
}

async function isLinked(storage: Storage, network: string, { chat, room }: Wish): Promise<boolean> {
  const linked = await storage.portals.ofRoom(room as MatrixRoomId);
  return linked.some((portal) => portal.network === network && portal.chat === chat);
}

/** What they have here already they keep: they may have changed it since. */
async function adoptPerson(
  storage: Storage | undefined,
  { network, userId, state }: AdoptedPerson,
  write: boolean,
): Promise<Adopted> {
  if (!storage) return 'new';
  const user = userId as MatrixUserId;
  const id = voiceId(network, 'enlisted', user);
  const own = adapterState(storage, network, id);
  const isOurs = await Promise.all(
    Object.entries(state).map(async ([key, value]) => {
      const found = await own.get(key);
      return {
        key,
        value,
        found,
        isSame: found !== undefined && Buffer.compare(found, value) === 0,
      };
    }),
  );
  const missing = isOurs.filter(({ found }) => found === undefined);
  if (write && missing.length > 0) {
    const known = await storage.voices.byId(id);
    if (!known)
      await storage.voices.save({ id, network, kind: 'enlisted', userId: user, isOut: false });
    const changes = missing.map(({ key, value }) => own.change(key, value));
    await storage.journal.commit(stateWrites(network, changes));
  }
  if (isOurs.some(({ found, isSame }) => found !== undefined && !isSame)) return 'other';
  return missing.length > 0 ? 'new' : 'there';
}
