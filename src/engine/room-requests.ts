import { BridgeError } from '../adapter/errors.ts';
import { fitsMask } from '../adapter/mask.ts';
import type { RemoteChatId } from '../model/remote-ids.ts';
import type { Clock } from '../ports/clock.ts';
import { tokenBucket } from '../util/token-bucket.ts';
import type { NetworkOptions } from './options.ts';

/** Anybody may ask for a chat, and each new one is a room: so many at once, and so many more in each minute. */
const MOST_ROOMS = 20;
const LIMIT = { burst: MOST_ROOMS, perSecond: MOST_ROOMS / 60, maxKeys: 1 };

/** How many rooms are made because somebody asks for them. */
export interface RoomRequests {
  /** One more is to be made. False: too many were. */
  take(): boolean;
}

export function roomRequests(clock: Clock): RoomRequests {
  const bucket = tokenBucket(LIMIT);
  return { take: () => bucket.take('', clock.now()) === 0 };
}

/** @throws {BridgeError} `not_allowed` where the config says that no room is made for it. */
export function checkRequested(
  { roomsFor, noRoomsFor = [] }: Pick<NetworkOptions, 'roomsFor' | 'noRoomsFor'>,
  chat: RemoteChatId,
): void {
  const id = chat.toLowerCase();
  const isNamed = (globs: readonly string[]) =>
    globs.some((glob) => fitsMask(id, glob.toLowerCase()));
  if ((roomsFor === undefined || isNamed(roomsFor)) && !isNamed(noRoomsFor)) return;
  throw new BridgeError('not_allowed', `No room is made for ${chat} here`, { effect: 'none' });
}
