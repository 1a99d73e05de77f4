import { BridgeError, type Voice } from '#adapter';
import {
  ApiFailure,
  type DeviceIdentity,
  deviceNameOf,
  signDeviceList,
  suites,
  userTokenOf,
} from '#gia';
import { type Account, accountChange, accountIn, DEVICE, type Enlisted } from './account.ts';
import { visibleIdOf } from './ids.ts';
import { offerKeys } from './key-packages.ts';
import type { Site } from './site.ts';

const LIST_DAYS = 360;
const RENEWED_BEFORE_DAYS = 30;
const DAY_MS = 86_400_000;

/** Has the gatekeeper know the Matrix user of a voice as one of its own, with one device and keys for it. Again is the same. */
export async function enlist(site: Site, voice: Voice, signal: AbortSignal): Promise<Enlisted> {
  const account = await accountIn(voice.state, suites['mls10/1'].newDeviceKeys);
  const enlisted = await introduced(site, voice, { account, signal });
  const listed = await withDevices(site, voice, { account: enlisted, signal });
  await offerKeys(site, voice.state, { account: listed, signal });
  return listed;
}

interface Step<A extends Account> {
  readonly account: A;
  readonly signal: AbortSignal;
}

async function introduced(
  site: Site,
  { id, state, speaker }: Voice,
  { account, signal }: Step<Account>,
): Promise<Enlisted> {
  const { host, gatekeeper, provider, audience } = site;
  const { challenge: _, ref, ...keys } = account;
  if (ref !== undefined && account.challenge === undefined) return { ...account, ref };
  const { domain, plainNamesOf, termsVersion, findable } = host.config;
  const visibleId = visibleIdOf(speaker?.userId ?? '', { domain, plainNamesOf });
  const user = await gatekeeper.call('enlist', {
    body: {
      visible_id: visibleId,
      user_token: userTokenOf(provider, { visibleId, audience, authTimeMs: Date.now() }),
      profile: { name: nameOf(speaker?.displayName) },
      consent: { tos_version: termsVersion, discoverable: findable },
    },
    signal,
  });
  const { challenge } = user;
  const enlisted = { ...keys, ref: user.user_ref };
  await host.state.save([
    accountChange(state, { ...enlisted, ...(challenge && { challenge: challenge.challenge_id }) }),
    host.state.change(`ref/${enlisted.ref}`, Buffer.from(id)),
  ]);
  refuseUnlessActive(user.state, challenge?.hint);
  return enlisted;
}

function refuseUnlessActive(state: string, hint = 'it asks something of the person'): void {
  if (state === 'active') return;
  const asked = `${hint}: answer with the command \`code\``;
  const words =
    state === 'challenge' ? asked : `the other service says that the account is ${state}`;
  throw new BridgeError('not_allowed', `enlisted as ${state}`, { effect: 'none', words });
}

/** A list that was sent and not answered is sent again as it was. */
async function withDevices(
  site: Site,
  voice: Voice,
  { account, signal }: Step<Enlisted>,
): Promise<Enlisted> {
  const isCurrent = (account.list?.untilMs ?? 0) > Date.now() + RENEWED_BEFORE_DAYS * DAY_MS;
  const v = (account.list?.v ?? 0) + 1;
  const listed = isCurrent ? account : await newlyListed(site, voice, { account, v });
  const newest = await refusedAs(putList(site, { account: listed, signal }));
  if (newest === undefined) return listed;
  // Of a database that was lost, or is a backup: if its account key is another one, it is that from now on.
  const again = await newlyListed(site, voice, { account, v: newest + 1 });
  await putList(site, { account: again, signal }, true);
  return again;
}

async function putList(
  { gatekeeper }: Site,
  { account: { ref, list }, signal }: Step<Enlisted>,
  reset = false,
): Promise<void> {
  await gatekeeper.call('putDevices', {
    ...{ params: { user_ref: ref }, user: ref, signal },
    body: { list: list?.jws ?? '', ...(reset && { reset }) },
  });
}

/** The version that the gatekeeper has, where it has another one than we thought. */
async function refusedAs(put: Promise<void>): Promise<number | undefined> {
  try {
    await put;
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFailure && error.code === 'conflict')) throw error;
    return Number(error.problem?.['current']);
  }
}

/** It holds for a year, and is on disk before anybody sees it. */
async function newlyListed(
  { operator }: Site,
  { state }: Voice,
  { account, v }: { readonly account: Enlisted; readonly v: number },
): Promise<Enlisted> {
  const { accountKey, deviceKeys, ref } = account;
  const signature_keys = { 'mls10/1': Buffer.from(deviceKeys.publicKey).toString('base64url') };
  const devices = [{ id: DEVICE, kind: 'bridge' as const, operator, signature_keys }];
  const jws = signDeviceList({ v, user_ref: ref, devices }, accountKey);
  const listed = { ...account, list: { v, jws, untilMs: Date.now() + LIST_DAYS * DAY_MS } };
  await state.save([accountChange(state, listed)]);
  return listed;
}

export const groupDeviceOf = ({ ref, deviceKeys }: Enlisted): DeviceIdentity => ({
  name: deviceNameOf({ user_ref: ref, device: DEVICE }),
  keys: deviceKeys,
});

/** The gatekeeper wants one, and no more than 128 characters. */
const nameOf = (displayName = '') => displayName.trim().slice(0, 128) || 'somebody';
