import type { DeviceAddress, MessageSend } from '#gia/schemas';
import type { MemberRow } from '../store/conversations.ts';
import type { DeviceRow } from '../store/devices.ts';

export interface Mismatch {
  readonly missing: readonly DeviceAddress[];
  readonly extra: readonly DeviceAddress[];
  readonly stale: readonly DeviceAddress[];
}

/** What is true at the hub, and who speaks. */
export interface Reach {
  /** All devices of both sides. */
  readonly devices: readonly DeviceRow[];
  /** Who is in the group, where the suite has one. */
  readonly members: readonly MemberRow[];
  readonly sender: DeviceAddress;
}

interface Addressed {
  readonly user_ref: string;
  readonly device: string;
}

export const keyOf = ({ user_ref, device }: Addressed): string => `${user_ref} ${device}`;
const address = ({ user_ref, device }: Addressed): DeviceAddress => ({ user_ref, device });

/** Those of `these` that are not among `others`. */
function without(these: readonly Addressed[], others: readonly Addressed[]): DeviceAddress[] {
  const known = new Set(others.map(keyOf));
  return these.filter((it) => !known.has(keyOf(it))).map(address);
}

/** Where the sender's picture of the devices is not how it is; `undefined` where it is. */
export function mismatchOf(send: MessageSend, reach: Reach): Mismatch | undefined {
  const { missing, stale, extra } =
    send.suite === 'mls10/1' ? ofGroup(send, reach) : ofEach(send, reach);
  const gone = without(addressees(send), reach.devices);
  const all = { missing, stale, extra: [...extra, ...without(gone, extra)] };
  return Object.values(all).some((devices) => devices.length > 0) ? all : undefined;
}

const addressees = ({ payloads }: MessageSend): DeviceAddress[] =>
  payloads.flatMap(({ to }) => (to === 'group' ? [] : to));

/** A handshake says who is in the group after it: that must be all. Else those who are in it already must be. */
function ofGroup(send: MessageSend, { devices, members }: Reach): Mismatch {
  const after = send.payloads.some(({ type }) => type === 'handshake')
    ? (send.members ?? [])
    : undefined;
  const within = after ?? members;
  const since = new Map(members.map((member) => [keyOf(member), member.since_v]));
  const stale = devices.filter((device) => {
    const joinedAt = since.get(keyOf(device));
    return after === undefined && joinedAt !== undefined && joinedAt !== device.since_v;
  });
  return {
    missing: without(devices, within),
    extra: without(within, devices),
    stale: stale.map(address),
  };
}

/** What is made for each device by itself must be made for all of them. */
function ofEach(send: MessageSend, { devices, sender }: Reach): Mismatch {
  const toAll = send.payloads.some(({ to, type }) => to === 'group' && type === 'application');
  const others = devices.filter((device) => keyOf(device) !== keyOf(sender));
  return { missing: toAll ? [] : without(others, addressees(send)), extra: [], stale: [] };
}
