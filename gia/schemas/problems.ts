import { z } from 'zod';
import { Cursor, DeviceAddress } from './common.ts';

/**
 * Every refusal of the API, by its code: the HTTP status it comes with, and whether the same request may succeed later
 * without a change. Nothing is refused with a code that is not here.
 */
export const problems = {
  invalid_request: { status: 400, retryable: false },
  unsupported_version: { status: 400, retryable: false },
  unauthorized_provider: { status: 401, retryable: false },
  token_expired: { status: 401, retryable: false },
  token_replayed: { status: 401, retryable: false },
  forbidden: { status: 403, retryable: false },
  no_consent: { status: 403, retryable: false },
  blocked_by_policy: { status: 403, retryable: false },
  user_suspended: { status: 403, retryable: false },
  capability_not_enabled: { status: 403, retryable: false },
  media_domain_not_allowed: { status: 403, retryable: false },
  not_found: { status: 404, retryable: false },
  not_found_or_not_allowed: { status: 404, retryable: false },
  conflict: { status: 409, retryable: false },
  idempotency_conflict: { status: 409, retryable: false },
  device_mismatch: { status: 409, retryable: true },
  wrong_epoch: { status: 409, retryable: true },
  keys_exhausted: { status: 409, retryable: true },
  suite_mismatch: { status: 409, retryable: false },
  downgrade_refused: { status: 409, retryable: false },
  cursor_gone: { status: 410, retryable: false },
  payload_too_large: { status: 413, retryable: false },
  rate_limited: { status: 429, retryable: true },
  internal: { status: 500, retryable: false },
  unavailable: { status: 503, retryable: true },
} as const satisfies Record<string, { status: number; retryable: boolean }>;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** The body of every refusal: problem details (RFC 9457, `application/problem+json`) with a code of this API. */
export const Problem = z
  .looseObject({
    type: z.string().describe('`urn:gia:problem:` and the code.'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional().describe('For people: what was wrong, where, and what to do.'),
    code: z.enum(problemCodes),
    retryable: z
      .boolean()
      .describe('The same request may succeed later, as it is or after a look.'),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

export const DeviceMismatchProblem = Problem.extend({
  code: z.literal('device_mismatch'),
  missing: z.array(DeviceAddress).describe('Listed, but not reached by this message.'),
  extra: z.array(DeviceAddress).describe('Addressed, but not listed any more.'),
  stale: z.array(DeviceAddress).describe('Listed anew since, with another key.'),
}).meta({ id: 'DeviceMismatchProblem' });

export const WrongEpochProblem = Problem.extend({
  code: z.literal('wrong_epoch'),
  current: z.int().nonnegative(),
}).meta({ id: 'WrongEpochProblem' });

export const CursorGoneProblem = Problem.extend({
  code: z.literal('cursor_gone'),
  oldest: Cursor.describe('Resume here. What lay between is gone.'),
}).meta({ id: 'CursorGoneProblem' });

export const VersionConflictProblem = Problem.extend({
  code: z.literal('conflict'),
  current: z.int().nonnegative().describe('The version that is there.'),
}).meta({ id: 'VersionConflictProblem' });
