import { BridgeError } from '../adapter/errors.ts';
import { fitsMask } from '../adapter/mask.ts';
import type { RemoteChatId } from '../model/remote-ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkOptions } from './options.ts';

/** Anybody may ask for a chat, and each new one is a room: so many are made in a minute. */
const MOST_ROOMS_A_MINUTE = 20;
const MINUTE_MS = 60_000;

/** For which chats a room is made because somebody asks for it, and how many in a time. */
export class RoomRequests {
  readonly #clock: Clock;
  #madeAtMs: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more is to be made. False: too many were. */
  take(): boolean {
    const nowMs = this.#clock.now();
    this.#madeAtMs = this.#madeAtMs.filter((atMs) => nowMs - atMs < MINUTE_MS);
    if (this.#madeAtMs.length >= MOST_ROOMS_A_MINUTE) return false;
    this.#madeAtMs.push(nowMs);
    return true;
  }
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
