import { field, isObject, type Json, list, object, text } from '../../util/fields.ts';

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
export function maySetState(who: string, { create, levels }: PowerFacts): boolean {
  const isCreator = creatorsOf(create).includes(who);
  if (isCreator && hasCreators(text(create.content, 'room_version') ?? '1')) return true;
  // Without power levels the creator has 100 and nobody else any.
  if (levels === undefined) return isCreator;
  const own = level(object(levels, 'users'), who) ?? level(levels, 'users_default') ?? 0;
  return own >= (level(levels, 'state_default') ?? 50);
}

/** Until version 10 the content names the creator; since 11 it is the sender. */
function creatorsOf({ sender, content }: PowerFacts['create']): readonly unknown[] {
  const additional = hasCreators(text(content, 'room_version') ?? '1')
    ? list(content, 'additional_creators')
    : [];
  return [text(content, 'creator') ?? sender, ...additional];
}

/** Rooms before version 10 may have a number written as a text. */
function level(from: unknown, key: string): number | undefined {
  const value = field(from, key);
  if (typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value)) return Number(value);
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

/** The sender and content of a create event, wherever it is found. */
export function createFacts(event: unknown): PowerFacts['create'] | undefined {
  const content = field(event, 'content');
  if (text(event, 'type') !== 'm.room.create' || !isObject(content)) return undefined;
  return { sender: text(event, 'sender'), content };
}
