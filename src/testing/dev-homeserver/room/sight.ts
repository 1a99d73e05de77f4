import { forbidden } from '../fault.ts';
import type { Viewer } from './client-event.ts';
import type { Entry } from './event.ts';
import type { Room } from './room.ts';

/** How much of a room somebody sees. */
export interface Sight {
  readonly room: Room;
  readonly viewer: Viewer;
  /** Until when: for somebody who left, the moment that they did. */
  readonly untilPosition: number;
}

/**
 * Whoever left sees the room as it was then; whoever is banned, or invited again, sees nothing.
 *
 * @throws {Fault} 403 for somebody who sees nothing of it.
 */
export function sightOf(room: Room, viewer: Viewer): Sight {
  if (room.joined.has(viewer.userId) || isWorldReadable(room))
    return { room, viewer, untilPosition: Number.POSITIVE_INFINITY };
  const last = room.membershipSteps(viewer.userId).at(-1);
  if (last?.event.content['membership'] !== 'leave' || room.forgottenBy.has(viewer.userId))
    throw forbidden(`User ${viewer.userId} not in room ${room.id}, and room previews are disabled`);
  return { room, viewer, untilPosition: last.position };
}

const isWorldReadable = (room: Room) =>
  room.state('m.room.history_visibility')?.content['history_visibility'] === 'world_readable';

/**
 * Whether somebody may see an event, by the history visibility when it was said. An event that
 * changes that is seen by whoever may see by the one or the other.
 */
export function isVisible(seen: Sight, entry: Entry): boolean {
  const { room, viewer, untilPosition } = seen;
  const { event, position } = entry;
  if (position > untilPosition) return false;
  // A redaction of what is not there yet is kept back, as Synapse does.
  if (event.type === 'm.room.redaction' && !room.byId.has(String(event.content['redacts'])))
    return false;
  if (event.type === 'm.room.member' && event.state_key === viewer.userId) return true;
  if (isVisibleBy(ruleAt(room, position), seen, position)) return true;
  return (
    event.type === 'm.room.history_visibility' &&
    isVisibleBy(ruleAt(room, position - 1), seen, position)
  );
}

const ruleAt = (room: Room, position: number) =>
  room.stateAt(position, 'm.room.history_visibility')?.event.content['history_visibility'];

function isVisibleBy(rule: unknown, { room, viewer }: Sight, position: number): boolean {
  const membership = room.membership(viewer.userId, position);
  if (rule === 'joined') return membership === 'join';
  if (rule === 'invited') return membership === 'join' || membership === 'invite';
  return true;
}
