import { Fault, forbidden } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import type { Content, Membership } from '../room/event.ts';
import type { Room } from '../room/room.ts';
import { appendEvent } from './append-event.ts';

export type Act = 'join' | 'invite' | 'leave' | 'kick' | 'ban' | 'unban';

const MEMBERSHIP_OF: Readonly<Record<Act, Membership>> = {
  join: 'join',
  invite: 'invite',
  leave: 'leave',
  kick: 'leave',
  ban: 'ban',
  unban: 'leave',
};

export interface MembershipStep {
  readonly act: Act;
  readonly sender: string;
  readonly target: string;
  readonly content?: Content | undefined;
  readonly reason?: string | undefined;
  readonly sentAtMs?: number | undefined;
}

/** Somebody joins, is invited, goes, or is made to go. Gives back the id of the membership event. */
export function changeMembership(homeserver: Homeserver, room: Room, step: MembershipStep): string {
  checkStep(step, room.membership(step.target));
  const membership = MEMBERSHIP_OF[step.act];
  const content = {
    ...(membership === 'join' || membership === 'invite'
      ? profileContent(homeserver, step.target)
      : {}),
    ...step.content,
    ...(step.reason !== undefined && { reason: step.reason }),
    membership,
  };
  return appendEvent(homeserver, room, {
    type: 'm.room.member',
    sender: step.sender,
    stateKey: step.target,
    content,
    ...(step.sentAtMs !== undefined && { sentAtMs: step.sentAtMs }),
  });
}

/** What Synapse looks at before the rules of the room. */
function checkStep({ act, target }: MembershipStep, was: Membership | undefined): void {
  if (act === 'unban' && was !== 'ban')
    throw badState(`Cannot unban user who was not banned (membership=${was})`);
  if (was === 'ban' && (act === 'join' || act === 'invite' || act === 'kick'))
    throw badState(`Cannot ${act} user who was banned`);
  if (act === 'kick' && was !== 'join' && was !== 'invite' && was !== 'knock')
    throw forbidden(`The target user ${target} is not in the room`);
}

const badState = (message: string) => new Fault(403, 'M_BAD_STATE', message);

/** The part of a membership that comes from the profile. */
export function profileContent({ world }: Homeserver, userId: string): Content {
  const profile = world.accounts.profileOf(userId);
  const shown = ['displayname', 'avatar_url'].map((field) => [field, profile?.get(field)] as const);
  return Object.fromEntries(shown.filter(([, value]) => value !== undefined && value !== ''));
}

/** Writes somebody's profile into every room that they are in. */
export function propagateProfile(homeserver: Homeserver, userId: string): void {
  const { rooms, roomsOf } = homeserver.world;
  for (const roomId of roomsOf.get(userId) ?? []) {
    const room = rooms.get(roomId);
    if (room?.joined.has(userId))
      changeMembership(homeserver, room, { act: 'join', sender: userId, target: userId });
  }
}

/** @throws {Fault} where somebody is of another homeserver: this one knows none. */
export function checkLocal(homeserver: Homeserver, userId: string): void {
  if (!homeserver.isLocal(userId))
    throw forbidden(`Federation denied with ${userId.slice(userId.indexOf(':') + 1)}.`);
}
