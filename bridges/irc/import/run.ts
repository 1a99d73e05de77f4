import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { BridgeError, type OperatorCall } from '#adapter';
import { configFrom, type Draft, domainsIn } from './config.ts';
import { readNedb } from './nedb.ts';
import { OldConfig } from './old-config.ts';
import type { OldData } from './old-data.ts';
import { type OpenPassword, passwordsWith, withoutKey } from './passwords.ts';
import { type Left, planFor } from './plan.ts';
import { readPostgres } from './postgres.ts';
import { report, toDo } from './report.ts';

/** @throws {BridgeError} `not_allowed`: what somebody has to mend first. */
export async function importFrom(call: OperatorCall): Promise<0> {
  const path = resolve(call.cwd, call.args[0] ?? '');
  const old = await readOld(path);
  const data = await dataOf(old, path, call);
  const draft = configFrom(old, data.deactivated);
  const open = await passwordsOf(data, old, path, call);
  const plan = planFor({ draft, data, ...(open && { open }) });
  const write = call.options['dryRun'] !== true;
  const outcomes = await call.adopt(plan.adoption, { write });
  const left = [...plan.left, ...settingsLeft(old, draft)];
  for (const line of [...report({ ...plan, left }, outcomes), ...toDo(draft, write)])
    call.out(line);
  return 0;
}

async function readOld(path: string): Promise<OldConfig> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw refused(`${path} cannot be read (${cause.message})`, cause);
  });
  try {
    return new OldConfig(parse(text));
  } catch (cause) {
    throw refused(`${path} is no YAML (${(cause as Error).message.split('\n')[0]})`, cause);
  }
}

/** As the config names it, unless somebody says otherwise. */
async function dataOf(old: OldConfig, path: string, call: OperatorCall): Promise<OldData> {
  const named = old.text('database', 'connectionString') ?? old.text('ircService', 'databaseUri');
  old.text('database', 'engine');
  const given = call.options['database'];
  const where = typeof given === 'string' ? given : named;
  if (where === undefined)
    throw refused(`${path} names no database: say where it is with --database`);
  if (/^postgres(ql)?:/.test(where)) return readPostgres(where);
  const from = typeof given === 'string' ? call.cwd : dirname(path);
  return readNedb(folderOf(where, from), domainsIn(old));
}

const folderOf = (where: string, from: string): string =>
  where.startsWith('file:') ? fileURLToPath(where) : resolve(from, where.replace(/^nedb:\/\//, ''));

async function passwordsOf(
  { people }: OldData,
  old: OldConfig,
  path: string,
  { options, cwd }: OperatorCall,
): Promise<OpenPassword | undefined> {
  const named = old.text('ircService', 'passwordEncryptionKeyPath');
  const stored = people.flatMap(({ password }) => password ?? []);
  if (options['withoutPasswords'] === true || stored.length === 0) return undefined;
  const given = options['key'];
  if (typeof given === 'string') return passwordsWith(resolve(cwd, given), stored);
  return named === undefined ? withoutKey() : passwordsWith(resolve(dirname(path), named), stored);
}

const settingsLeft = (old: OldConfig, { networks }: Draft): readonly Left[] => [
  ...networks.flatMap(({ id, unfit }) =>
    unfit.map((key) => ({ what: `${key} of ${id}`, why: 'what was set is not possible here' })),
  ),
  ...old.left().map((what) => ({ what, why: whyLeft(what) })),
];

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /sslselfsign|allowExpiredCerts|tlsOptions/,
    'name the certificate in caFile or certFingerprints',
  ],
  [/ipv6\.prefix/, 'write it with its length into bindPrefix'],
  [/logging/, 'see log in the config'],
  [/matrixClients|aliasTemplate/, 'names of ghosts and aliases begin with prefix and network'],
  [/provisioning|debugApi/, 'people link rooms by talking to the bot'],
  [/excludedUsers/, 'write it into permissions as a mask'],
  [/permissions/, 'write it into permissions'],
  [/botConfig/, 'the bot is always there: it listens'],
  [/realnameFormat/, 'see enlistedRealname'],
];

const whyLeft = (what: string): string =>
  REASONS.find(([pattern]) => pattern.test(what))?.[1] ?? 'there is nothing like it here';

const refused = (text: string, cause?: unknown) =>
  new BridgeError('not_allowed', text, { effect: 'none', cause });
