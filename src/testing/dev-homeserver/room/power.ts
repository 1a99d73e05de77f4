import { badJson, forbidden, refused } from '../fault.ts';
import type { Content, Draft, StateView, StoredEvent } from './event.ts';
import { isObject } from './event.ts';

const LEVELS = [
  'users_default',
  'events_default',
  'state_default',
  'ban',
  'redact',
  'kick',
  'invite',
] as const;
type Level = (typeof LEVELS)[number];

const DEFAULTS: Readonly<Record<Level, number>> = {
  users_default: 0,
  events_default: 0,
  state_default: 50,
  ban: 50,
  redact: 50,
  kick: 50,
  invite: 0,
};

/** Who made a room, and so has power without end in it from version 12 on. */
export function creatorsOf(create: StoredEvent | undefined): readonly string[] {
  if (create === undefined) return [];
  const more = create.content['additional_creators'];
  return [create.sender, ...(Array.isArray(more) ? more.map(String) : [])];
}

export function powerOf(view: StateView, userId: string): number {
  const creators = creatorsOf(view.state('m.room.create'));
  if (view.version === '12' && creators.includes(userId)) return Number.POSITIVE_INFINITY;
  const levels = view.state('m.room.power_levels')?.content;
  if (levels === undefined) return creators[0] === userId ? 100 : 0;
  return entry(levels['users'], userId) ?? level(levels, 'users_default');
}

/** The power that an act asks for: `ban`, `kick`, `redact`, `invite`. */
export function powerFor(view: StateView, act: Level): number {
  return level(view.state('m.room.power_levels')?.content ?? {}, act);
}

export function powerToSend(view: StateView, draft: Pick<Draft, 'type' | 'stateKey'>): number {
  const levels = view.state('m.room.power_levels')?.content;
  if (levels === undefined) return 0;
  const own = entry(levels['events'], draft.type);
  return own ?? level(levels, draft.stateKey === undefined ? 'events_default' : 'state_default');
}

function entry(map: unknown, key: string): number | undefined {
  const value = isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined;
  return typeof value === 'number' ? value : undefined;
}

function level(levels: Content, name: Level): number {
  const value = levels[name];
  return typeof value === 'number' ? value : DEFAULTS[name];
}

/**
 * Whether somebody may put these power levels in place of those there are: nobody gives or takes
 * more than they have.
 *
 * @throws {Fault}
 */
export function checkPowerLevels(view: StateView, draft: Draft): void {
  checkShape(draft.content);
  if (view.version === '12') checkNoCreator(view, draft.content);
  const old = view.state('m.room.power_levels')?.content;
  if (old === undefined) return;
  const mine = powerOf(view, draft.sender);
  for (const change of changes(old, draft.content)) {
    if (Math.max(change.from ?? 0, change.to ?? 0) > mine)
      throw forbidden(`You don't have permission to add or remove ops level of ${change.what}`);
    const ofAnother = change.user !== undefined && change.user !== draft.sender;
    if (ofAnother && change.from !== undefined && change.from >= mine)
      throw forbidden("You don't have permission to remove ops level equal to your own");
  }
}

function checkShape(content: Content): void {
  for (const name of LEVELS) checkInteger(content[name] ?? 0, name);
  for (const name of ['users', 'events', 'notifications'] as const) {
    const map = content[name] ?? {};
    if (!isObject(map)) throw badJson(`Power levels '${name}' must be an object`);
    for (const [key, value] of Object.entries(map)) checkInteger(value, `${name}.${key}`);
    if (name === 'users') checkUsers(Object.keys(map));
  }
}

function checkUsers(userIds: readonly string[]): void {
  for (const userId of userIds)
    if (!/^@.*:/.test(userId)) throw refused(`Not a valid user_id: ${userId}`);
}

function checkInteger(value: unknown, where: string): void {
  if (!Number.isSafeInteger(value)) throw badJson(`Power level '${where}' must be an integer`);
}

function checkNoCreator(view: StateView, content: Content): void {
  const users = content['users'];
  for (const creator of creatorsOf(view.state('m.room.create')))
    if (isObject(users) && Object.hasOwn(users, creator))
      throw refused(`Creator user ${creator} must not appear in content.users`);
}

interface Change {
  readonly what: string;
  readonly user?: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

function changes(old: Content, next: Content): readonly Change[] {
  const found: Change[] = LEVELS.map((name) => ({
    what: name,
    from: number(old[name]),
    to: number(next[name]),
  }));
  for (const map of ['users', 'events', 'notifications'] as const)
    for (const key of new Set([...keys(old[map]), ...keys(next[map])]))
      found.push({
        what: key,
        ...(map === 'users' && { user: key }),
        from: entry(old[map], key),
        to: entry(next[map], key),
      });
  return found.filter(({ from, to }) => from !== to);
}

const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
const keys = (map: unknown) => (isObject(map) ? Object.keys(map) : []);
