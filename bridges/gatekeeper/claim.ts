import { BridgeError } from '#adapter';
import { addressIn, deviceNameOf, type KeyPackageFacts } from '#gia';
import { DEVICE } from './account.ts';
import type { Member } from './member.ts';
import { refuseStrangers } from './trust.ts';

export interface Claimed extends KeyPackageFacts {
  readonly bytes: Uint8Array;
}

/** Key packages of these devices, or of all that the other side has: each of a device that its owner has signed. */
export async function claimed(
  member: Member,
  names: readonly string[] | 'all',
  signal: AbortSignal,
): Promise<readonly Claimed[]> {
  const { site, state, ref, talk } = member;
  const { conversation, suite } = talk;
  const targets = names === 'all' ? allOf(member) : targetsOf(names);
  if (targets.length === 0) return [];
  const { users } = await site.gatekeeper.call('claimKeys', {
    ...{ user: ref, signal },
    body: {
      ...{ suite: suite.id, sender_device: DEVICE, conv_id: conversation.conv_id },
      targets: targets.map(({ user_ref, devices }) => ({ user_ref, devices })),
    },
  });
  const found: Claimed[] = [];
  for (const { user_ref, devices } of users)
    for (const { device, key_package } of devices) {
      if (key_package === undefined) throw exhausted(user_ref, device);
      const bytes = new Uint8Array(Buffer.from(key_package, 'base64url'));
      const facts = await suite.readKeyPackage(bytes);
      if (facts.name !== deviceNameOf({ user_ref, device })) throw exhausted(user_ref, device);
      found.push({ ...facts, bytes });
    }
  if (found.length === 0)
    throw exhausted(conversation.participants.map((one) => one.name).join(), '');
  await refuseStrangers(site, found, { state, ref, signal });
  return found;
}

interface Target {
  readonly user_ref: string;
  readonly devices: 'all' | string[];
}

const allOf = ({ ref, talk }: Member): readonly Target[] =>
  talk.conversation.participants
    .filter(({ user_ref }) => user_ref !== ref)
    .map(({ user_ref }) => ({ user_ref, devices: 'all' as const }));

function targetsOf(names: readonly string[]): readonly Target[] {
  const byUser = new Map<string, string[]>();
  for (const { user_ref, device } of names.map(addressIn))
    byUser.set(user_ref, [...(byUser.get(user_ref) ?? []), device]);
  return [...byUser].map(([user_ref, devices]) => ({ user_ref, devices }));
}

/** They may be online again later, and offer more. */
const exhausted = (whose: string, device: string) =>
  new BridgeError('unreachable', `No usable key of ${whose} ${device} is to be had`, {
    effect: 'none',
    words: 'they have no device at the moment that could read it',
  });
