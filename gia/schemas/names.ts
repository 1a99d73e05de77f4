import type { DeviceAddress } from './common.ts';

/** A conversation, as the room in what is said (MIMI content). `domain` is that of the gatekeeper, whose conversation it is. */
export const conversationUri = (domain: string, convId: string): string =>
  `mimi://${domain}/r/${convId}`;

/** A user, as the sender in what is said. `domain` is that of the gatekeeper, wherever the user is from. */
export const userUri = (domain: string, userRef: string): string => `mimi://${domain}/u/${userRef}`;

/** A device, as the identity in its key packages. */
export const deviceName = ({ user_ref, device }: DeviceAddress): string => `${user_ref}/${device}`;
