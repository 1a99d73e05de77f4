import { BridgeError, type Standing } from '#adapter';
import type { KnownEvent } from '#gia';

type About = Extract<KnownEvent, { type: 'user.suspended' | 'user.restored' | 'user.deleted' }>;

/** What the gatekeeper did to somebody of ours. */
export function standingOf(event: About): Standing {
  if (event.type === 'user.restored') return { is: 'ready' };
  const why = event.type === 'user.suspended' ? `: ${event.data.reason}` : '';
  const what = event.type === 'user.suspended' ? 'suspended' : 'deleted';
  const error = new BridgeError('not_allowed', `The gatekeeper has ${what} the account${why}`, {
    effect: 'none',
    words: `the other service has ${what} this account${why}`,
  });
  return { is: 'failed', error };
}
