import { botLocalpart } from '../matrix/registration.ts';

/** The people and places of the playground. */

export const SERVER_NAME = 'playground.localhost';

/** The id of the network in the config, and so in the names of its ghosts. */
export const NETWORK = 'loopback';

export const PREFIX = 'drawbridge_';

export const CHAT = 'harbour';

export const ROOM = {
  alias: 'harbour',
  name: 'Harbour',
  topic: 'A room that is also a chat on the loopback network',
} as const;

export const MATRIX_PEOPLE = [
  { name: 'alice', displayName: 'Alice' },
  { name: 'bob', displayName: 'Bob' },
] as const;

export const REMOTE_PEOPLE = [
  { id: 'carol', displayName: 'Carol' },
  { id: 'dave', displayName: 'Dave' },
] as const;

export const ROOM_ALIAS = `#${ROOM.alias}:${SERVER_NAME}`;

export const BRIDGE_BOT = `@${botLocalpart(PREFIX)}:${SERVER_NAME}`;

/** Where a Matrix user really is: what the bridge made is on the other side, or is the bridge itself. */
export function homeOf(userId: string): 'matrix' | 'remote' | 'bridge' {
  if (!userId.startsWith(`@${PREFIX}`)) return 'matrix';
  return userId.startsWith(`@${PREFIX}${NETWORK}_`) ? 'remote' : 'bridge';
}
