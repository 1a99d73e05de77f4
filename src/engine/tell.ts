import type { BridgeError, BridgeErrorCode } from '../adapter/errors.ts';

/** What a delivery's end is recorded with: the code decides what its sender is told, the rest is for the operator. */
export const reasonOf = (code: BridgeErrorCode, message: string): string => `${code}: ${message}`;
export const reasonOfError = (error: BridgeError): string => reasonOf(error.code, error.message);

const words: { readonly [Code in BridgeErrorCode]: string } = {
  logged_out: 'you are not logged in there',
  unsupported: 'it cannot be said there',
  not_allowed: 'it was not allowed there',
  too_large: 'it is too large',
  rate_limited: 'too much was said at once',
  unreachable: 'the network could not be reached',
  stale: 'the chat changed too often meanwhile',
  protocol: 'of an error in the bridge',
};

/** A notice to the sender. Of what the operator reads only the code is told: the rest may name internals. */
export function noticeText(
  networkName: string,
  outcome: 'failed' | 'unknown' | 'delivered',
  reason: string | undefined,
): string {
  if (outcome === 'delivered') return `Your message has reached ${networkName} after all.`;
  if (outcome === 'unknown')
    return `It is unknown whether your message has reached ${networkName}: the connection was lost before the answer. It is not sent again, so that it cannot arrive twice.`;
  const code = reason?.slice(0, reason.indexOf(':')) ?? '';
  const why = code in words ? words[code as BridgeErrorCode] : words.protocol;
  return `Your message has not reached ${networkName}, because ${why}.`;
}

export const ENCRYPTED =
  'This room is encrypted. Encrypted rooms cannot be bridged yet: nothing said here goes to a network, and nothing said there comes here.';
