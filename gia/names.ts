import type { DeviceAddress } from './schemas/index.ts';

/** How a device is called in a group, by everybody. */
export const deviceNameOf = ({ user_ref, device }: DeviceAddress): string =>
  `${user_ref}/${device}`;

export function addressIn(deviceName: string): DeviceAddress {
  const cut = deviceName.indexOf('/');
  return { user_ref: deviceName.slice(0, cut), device: deviceName.slice(cut + 1) };
}

/** Who says something, as the container names them. @param convUri of the conversation: the room, as the container names that */
export const userUriOf = (convUri: string, userRef: string): string =>
  `${convUri.slice(0, convUri.indexOf('/r/'))}/u/${userRef}`;
