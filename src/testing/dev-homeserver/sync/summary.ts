import type { Room } from '../room/room.ts';

const MAX_HEROES = 5;

/** By whom a room without a name is called. Only told when somebody came or went. */
export function summary(room: Room, userId: string, start: number): object {
  const members = room
    .allState()
    .filter(({ event }) => event.type === 'm.room.member')
    .map(({ event, position }) => ({
      userId: event.state_key ?? '',
      is: event.content['membership'],
      position,
    }));
  if (!members.some(({ position }) => position > start)) return {};
  const others = members.filter((member) => member.userId !== userId);
  const present = others.filter(({ is }) => is === 'join' || is === 'invite');
  const heroes = present.length > 0 ? present : others;
  return {
    'm.heroes': heroes.slice(0, MAX_HEROES).map((hero) => hero.userId),
    'm.joined_member_count': room.joined.size,
    'm.invited_member_count': members.filter(({ is }) => is === 'invite').length,
  };
}
