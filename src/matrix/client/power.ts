import type { Speech } from '../../ports/matrix.ts';
import { field, isObject, type Json, list, object, text } from '../../util/fields.ts';
import { sameJson } from '../../util/same-json.ts';
import { level } from '../events/level.ts';

/** What decides about power in a room. */
export interface PowerFacts {
  /** The `m.room.create` event. */
  readonly create: { readonly sender: string | undefined; readonly content: Json };
  /** Content of `m.room.power_levels`. Absent: the room has none. */
  readonly levels: Json | undefined;
}

/** Whether a room of this version has creators whose power has no bound. Version 12 brought them. */
export function hasCreators(version: string): boolean {
  if (version.startsWith('org.matrix.hydra')) return true;
  return /^\d{1,6}$/.test(version) && Number(version) >= 12;
}

/**
 * Whether a user has the power to change the room's state.
 *
 * @see https://spec.matrix.org/v1.18/client-server-api/#mroompower_levels
 */
export function maySetState(who: string, facts: PowerFacts): boolean {
  const { levels } = facts;
  return powerOf(who, facts) >= (levels === undefined ? 1 : (level(levels, 'state_default') ?? 50));
}

function powerOf(who: string, { create, levels }: PowerFacts): number {
  const isCreator = creatorsOf(create).includes(who);
  if (isCreator && hasCreators(text(create.content, 'room_version') ?? '1'))
    return Number.POSITIVE_INFINITY;
  // Without power levels the creator has 100 and nobody else any.
  if (levels === undefined) return isCreator ? 100 : 0;
  return level(object(levels, 'users'), who) ?? level(levels, 'users_default') ?? 0;
}

interface Wanted {
  readonly powers: ReadonlyMap<string, number>;
  /** Whose power is taken away where it is not wanted. */
  readonly of: (userId: string) => boolean;
  readonly speech?: Speech | undefined;
}

/**
 * The power levels once each has what is wanted, as far as `as` may say so: who has as much as they
 * cannot be changed, so nobody is given as much. `undefined`: that is so already.
 */
export function withPowers(
  facts: PowerFacts,
  as: string,
  { powers, of, speech }: Wanted,
): Json | undefined {
  // One that has none would lose what goes without saying: its creator's.
  if (facts.levels === undefined) return undefined;
  const own = powerOf(as, facts);
  const before = object(facts.levels, 'users');
  const isFree = (userId: string) => (level(before, userId) ?? 0) < own;
  const isTaken = (userId: string) => of(userId) || (speech && isSpeaker(userId, before, speech));
  const kept = Object.entries(before).filter(([userId]) => !isTaken(userId) || !isFree(userId));
  const given = [...speakersIn(facts, speech), ...powers]
    .filter(([userId]) => isFree(userId))
    .map(([userId, power]) => [userId, Math.min(power, own - 1)] as const)
    .filter(([, power]) => power > 0);
  const users = { ...Object.fromEntries(kept), ...Object.fromEntries(given) };
  const needed = speechIn(facts.levels, own, speech);
  const isSame = sameJson(before, users) && Object.keys(needed).length === 0;
  return isSame ? undefined : { ...facts.levels, users, ...needed };
}

/** What it takes to speak: raised, and lowered again where it is what it was raised to. */
function speechIn(levels: Json, own: number, speech: Speech | undefined): Json {
  const now = level(levels, 'events_default') ?? 0;
  if (!speech || speech.power > own) return {};
  if (speech.speakers) return now < speech.power ? { events_default: speech.power } : {};
  return now === speech.power ? { events_default: 0 } : {};
}

/** Somebody who has just enough to speak, and so has it for that. */
const isSpeaker = (userId: string, users: Json, { power, isPerson }: Speech): boolean =>
  isPerson(userId) && level(users, userId) === power;

/** Whoever has more keeps it. */
function speakersIn(
  facts: PowerFacts,
  speech: Speech | undefined,
): readonly (readonly [string, number])[] {
  if (!speech?.speakers) return [];
  const { power, speakers } = speech;
  return [...speakers].filter((who) => powerOf(who, facts) <= power).map((who) => [who, power]);
}

/** The power levels once somebody may speak. `undefined`: they may already, or the bot may not say so. */
export function withSpeech(facts: PowerFacts, as: string, who: string): Json | undefined {
  const needed = level(facts.levels, 'events_default') ?? 0;
  if (facts.levels === undefined || powerOf(who, facts) >= needed) return undefined;
  if (powerOf(as, facts) <= needed) return undefined;
  return { ...facts.levels, users: { ...object(facts.levels, 'users'), [who]: needed } };
}

/** Until version 10 the content names the creator; since 11 it is the sender. */
function creatorsOf({ sender, content }: PowerFacts['create']): readonly unknown[] {
  const additional = hasCreators(text(content, 'room_version') ?? '1')
    ? list(content, 'additional_creators')
    : [];
  return [text(content, 'creator') ?? sender, ...additional];
}

/** The sender and content of a create event, wherever it is found. */
export function createFacts(event: unknown): PowerFacts['create'] | undefined {
  const content = field(event, 'content');
  if (text(event, 'type') !== 'm.room.create' || !isObject(content)) return undefined;
  return { sender: text(event, 'sender'), content };
}
