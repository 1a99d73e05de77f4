import { createHmac, randomInt } from 'node:crypto';
import type { Challenge } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import { refuse } from '../server/refusal.ts';
import { randomId, sameSecret } from '../server/secrets.ts';
import type { UserRow } from '../store/users.ts';

const VALID_MS = 10 * 60_000;
const TRIES = 5;

/** Sends the person a code, by a way that is not the provider's, and says so. */
export function pose({ store, now, secrets, sendCode }: Context, user: UserRow): Challenge {
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const challenge_id = randomId('ch_');
  const expires_ms = now() + VALID_MS;
  store.challenges.put({
    user_ref: user.user_ref,
    challenge_id,
    code_hash: hashOf(secrets('codes'), challenge_id, code),
    tries_left: TRIES,
    expires_ms,
  });
  sendCode(user.visible_id, code);
  return {
    challenge_id,
    kind: 'code',
    hint: `Six digits were sent to ${user.visible_id}`,
    expires_ms,
  };
}

/** The user, active, if the answer is right. Each wrong one leaves fewer tries. */
export function answer(
  { store, now, secrets }: Context,
  user: UserRow,
  given: { readonly challenge_id: string; readonly answer: string },
): UserRow {
  if (user.state !== 'challenge')
    refuse('conflict', `The user has nothing to answer: ${user.state}`);
  const asked = store.challenges.get(user.user_ref);
  if (
    asked?.challenge_id !== given.challenge_id ||
    asked.expires_ms < now() ||
    asked.tries_left < 1
  )
    return refuse('conflict', 'This challenge is over: enlist again to be asked anew');
  const hash = hashOf(secrets('codes'), given.challenge_id, given.answer);
  if (!sameSecret(hash, asked.code_hash)) {
    store.challenges.put({ ...asked, tries_left: asked.tries_left - 1 });
    return refuse('forbidden', `This is not the code; ${asked.tries_left - 1} tries are left`);
  }
  store.transaction(() => {
    store.challenges.remove(user.user_ref);
    store.users.change(user, { state: 'active' });
  });
  return { ...user, state: 'active' };
}

const hashOf = (key: Buffer, challengeId: string, code: string): string =>
  createHmac('sha256', key).update(`${challengeId}\n${code}`).digest('base64url');
