import type { MessageSend, Payload } from '#gia/schemas';
import type { DeviceRow } from '../store/devices.ts';
import { keyOf, type Reach } from './device-mismatch.ts';

export interface Delivery {
  readonly to: DeviceRow;
  readonly payload: Payload;
}

/** Which payload goes to which device, in the order in which they were sent. */
export function fanOut(send: MessageSend, reach: Reach): Delivery[] {
  return send.payloads.flatMap((payload) =>
    recipients(payload, send.suite, reach).map((to) => ({ to, payload })),
  );
}

function recipients({ to, type }: Payload, suite: string, reach: Reach): DeviceRow[] {
  const { devices, members, sender } = reach;
  if (to !== 'group') return devices.filter((device) => keyOf(device) === keyOf(to));
  const others = devices.filter((device) => keyOf(device) !== keyOf(sender));
  if (suite !== 'mls10/1' || type !== 'handshake') return others;
  // Whoever comes in by it cannot read it, and is sent a welcome.
  const before = new Set(members.map(keyOf));
  return others.filter((device) => before.has(keyOf(device)));
}
