import { stripped, strippedState } from '../room/client-event.ts';
import type { Room } from '../room/room.ts';
import type { SyncRequest } from './request.ts';

/** A room that the user is asked into, if they have not been told. */
export function invitedRoom({ who, since }: SyncRequest, room: Room): object | undefined {
  const invite = room.membershipSteps(who.userId).at(-1);
  if (invite === undefined || invite.position <= (since?.position ?? 0)) return undefined;
  const about = strippedState(room, invite.event, invite.position);
  return { invite_state: { events: [...about, stripped(invite.event)] } };
}
