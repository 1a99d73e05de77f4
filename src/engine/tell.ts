import type { BridgeError, BridgeErrorCode } from '../adapter/errors.ts';
import type { SecurityLevel } from '../adapter/remote-event.ts';
import type { MatrixEvent } from '../ports/matrix.ts';

/**
 * Reasons that only the engine has. `target_absent`: a reaction to what is not known over there.
 * `target_unknown`: something is taken back of which nobody knows whether it is there. `title_refused`,
 * `power_refused`: a name, a topic or somebody's power was not taken. `shut_out`: somebody may not use the bridge.
 */
export type OwnCode =
  | 'target_absent'
  | 'target_unknown'
  | 'title_refused'
  | 'power_refused'
  | 'shut_out';
export type ReasonCode = BridgeErrorCode | OwnCode;

/** What a delivery's end is recorded with: the code decides what its sender is told, the rest is for the operator. */
export const reasonOf = (code: ReasonCode, message: string): string => `${code}: ${message}`;
export const reasonOfError = (error: BridgeError, { kind }: Pick<MatrixEvent, 'kind'>): string =>
  (kind === 'title' || kind === 'power') && error.advice.retry === 'never'
    ? reasonOf(`${kind}_refused`, `${error.code}: ${error.message}`)
    : reasonOf(error.code, error.message);

type Sentence = (networkName: string) => string;

const because =
  (why: string, what = 'message'): Sentence =>
  (networkName) =>
    `Your ${what} has not reached ${networkName}, because ${why}.`;

const sentences: { readonly [Code in ReasonCode]: Sentence } = {
  logged_out: because('you are not logged in there'),
  unsupported: because('it cannot be said there'),
  not_allowed: because('it was not allowed there'),
  too_large: because('it is too large'),
  rate_limited: because('too much was said at once'),
  unreachable: because('the network could not be reached'),
  stale: because('the chat changed too often meanwhile'),
  protocol: because('of an error in the bridge'),
  target_absent: because('the message that you reacted to is not there', 'reaction'),
  target_unknown: (networkName) =>
    `What you took back may still be on ${networkName}: it is unknown whether it ever got there.`,
  shut_out: (networkName) =>
    `Your message has not reached ${networkName}, because you are kept out of this bridge. Nor will what you say next, of which you are not told again.`,
  power_refused: (networkName) =>
    `${networkName} does not take it from you who may do what: it is still as before there.`,
  title_refused: (networkName) =>
    `${networkName} does not take this name or topic from you: it is still as before there.`,
};

/** A notice to the sender. Of what the operator reads only the code is told: the rest may name internals. */
export function noticeText(
  networkName: string,
  outcome: 'failed' | 'unknown' | 'delivered',
  reason: string | undefined,
): string {
  if (outcome === 'delivered') return `This has reached ${networkName} after all.`;
  if (outcome === 'unknown')
    return `It is unknown whether this has reached ${networkName}: the connection was lost before the answer. It is not sent again, so that it cannot arrive twice.`;
  const code = reason?.slice(0, reason.indexOf(':')) ?? '';
  const sentence = code in sentences ? sentences[code as ReasonCode] : sentences.protocol;
  return sentence(networkName);
}

const whyDown: { readonly [Code in BridgeErrorCode]?: string } = {
  logged_out: 'you are not logged in there',
  not_allowed: 'you are not let in',
  unreachable: 'the network cannot be reached',
};

/** How somebody's own connection stands. Without an error it is up again. */
export function connectionText(networkName: string, error: BridgeError | undefined): string {
  if (!error) return `Your connection to ${networkName} is back.`;
  const why = error.words ?? whyDown[error.code] ?? 'there is an error in the bridge';
  return `Your connection to ${networkName} is down: ${why}.`;
}

const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export const holeText = (chat: string, sinceMs: number, untilMs: number): string =>
  `What was said in ${chat} between ${time(sinceMs)} and ${time(untilMs)} could not be bridged.`;

const securityTexts: Readonly<Record<SecurityLevel, (network: string) => string>> = {
  end_to_end: () => 'What is said here can be read by nobody but those who are here.',
  end_to_user_bridge: (network) =>
    `What is said here is encrypted between ${network} and this bridge, which runs for one person only. It can be read by nobody else but those who are here.`,
  end_to_bridge: (network) =>
    `What is said here is encrypted between the devices over there and this bridge: ${network} cannot read it. This bridge, and whoever operates it, can.`,
  transport_only: (network) =>
    `What is said here is encrypted on its way only: ${network} can read it, and so can this bridge and whoever operates it.`,
};

/** Who else reads along, in words for everybody. */
export const securityText = (level: SecurityLevel, network: string): string =>
  securityTexts[level](network);

/** Of what the homeserver has never told, and nobody looks for any more. */
export const missedText = (sinceMs: number, untilMs: number): string =>
  `Some of what was said here between ${time(sinceMs)} and ${time(untilMs)} may not have been bridged.`;

export const CAME_LATE =
  'This has come late, and was not carried out. Say it again if it still holds.';

export const ENCRYPTED =
  'This room is encrypted. Encrypted rooms cannot be bridged yet: nothing said here goes to a network, and nothing said there comes here.';
