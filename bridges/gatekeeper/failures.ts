import { BridgeError, type BridgeErrorCode } from '#adapter';
import { ApiFailure } from '#gia';

const codes: Partial<Record<ApiFailure['code'], BridgeErrorCode>> = {
  no_answer: 'unreachable',
  unavailable: 'unreachable',
  internal: 'unreachable',
  token_expired: 'unreachable',
  token_replayed: 'unreachable',
  rate_limited: 'rate_limited',
  keys_exhausted: 'unreachable',
  payload_too_large: 'too_large',
  capability_not_enabled: 'unsupported',
  suite_mismatch: 'unsupported',
  forbidden: 'not_allowed',
  no_consent: 'not_allowed',
  blocked_by_policy: 'not_allowed',
  user_suspended: 'not_allowed',
  not_found: 'not_allowed',
  not_found_or_not_allowed: 'not_allowed',
  unauthorized_provider: 'unreachable',
};

/** What people are told, where the gatekeeper's own words would be for the log only. */
const words: Partial<Record<ApiFailure['code'], string>> = {
  user_suspended: 'the other service has suspended this account',
  no_consent: 'they have not agreed to hear from you',
  capability_not_enabled: 'the other service does not offer that yet',
  not_found: 'there is nobody there',
  not_found_or_not_allowed: 'there is nobody of that name, or they do not want to be found',
};

/** What a call that failed, or was given up, means to the core. Whatever else it is goes on as it is. */
export function failureOf(error: unknown): unknown {
  if (isGivenUp(error))
    return new BridgeError('unreachable', 'given up', { effect: 'unknown', cause: error });
  if (!(error instanceof ApiFailure)) return error;
  const said = words[error.code];
  return new BridgeError(codes[error.code] ?? 'protocol', `${error.code}: ${error.message}`, {
    effect: error.effect,
    cause: error,
    ...(error.retryAfterMs !== undefined && { retryAfterMs: error.retryAfterMs }),
    ...(said !== undefined && { words: said }),
  });
}

export async function orFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw failureOf(error);
  }
}

const isGivenUp = (error: unknown) =>
  error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
