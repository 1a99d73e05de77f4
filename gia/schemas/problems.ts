import { z } from 'zod';
import { Cursor, DeviceAddress } from './common.ts';

/**
 * Every refusal of the API, by its code: the HTTP status it comes with, and whether the same request may succeed later
 * without a change, and what to do about it. Nothing is refused with a code that is not here.
 */
export const problems = {
  invalid_request: {
    status: 400,
    retryable: false,
    means: 'Something of the request is not as the schemas say; `detail` says where. Mend it.',
  },
  unsupported_version: {
    status: 400,
    retryable: false,
    means:
      '`GIA-Version` is one that this gatekeeper does not speak. `GET /gia/v1` lists those that it does.',
  },
  unauthorized_provider: {
    status: 401,
    retryable: false,
    means:
      'There is no token, or it is not one of an operational provider for exactly this request. `detail` says which claim is wrong.',
  },
  token_expired: {
    status: 401,
    retryable: false,
    means: 'The times of the token are wrong: look at the clock, and sign anew.',
  },
  token_replayed: {
    status: 401,
    retryable: false,
    means: 'This token was used before: sign a new one for each attempt.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    means: 'Whoever calls is known, and may not do this.',
  },
  no_consent: {
    status: 403,
    retryable: false,
    means: 'The other side has not agreed to be written to. For a later version.',
  },
  blocked_by_policy: {
    status: 403,
    retryable: false,
    means:
      'A rule of the gatekeeper, or a suspension of the provider of the other side, is against it.',
  },
  user_suspended: {
    status: 403,
    retryable: false,
    means: 'The user, or the other side, is suspended. There is an event when that ends.',
  },
  capability_not_enabled: {
    status: 403,
    retryable: false,
    means: 'This belongs to a level that is not enabled here. Tell people so.',
  },
  media_domain_not_allowed: {
    status: 403,
    retryable: false,
    means: 'The file does not lie where files of providers may lie.',
  },
  not_found: {
    status: 404,
    retryable: false,
    means: 'There is no such thing, or not for whoever calls.',
  },
  not_found_or_not_allowed: {
    status: 404,
    retryable: false,
    means: 'Of a lookup: who is not there and who does not want to be found look alike.',
  },
  conflict: {
    status: 409,
    retryable: false,
    means:
      'It is there already, or has another version (`current`), or this is not the time for it.',
  },
  idempotency_conflict: {
    status: 409,
    retryable: false,
    means: 'The `Idempotency-Key` was used for another message.',
  },
  device_mismatch: {
    status: 409,
    retryable: true,
    means:
      'The devices are others (`missing`, `extra`, `stale`): make the message anew for those that there are.',
  },
  wrong_epoch: {
    status: 409,
    retryable: true,
    means:
      'The group is in another epoch (`current`): take in what came, and make the message anew.',
  },
  keys_exhausted: {
    status: 409,
    retryable: true,
    means: 'The other side has no device yet that could be reached. Later, perhaps.',
  },
  suite_mismatch: {
    status: 409,
    retryable: false,
    means: 'The suite is not that of the conversation, or not one for this.',
  },
  downgrade_refused: {
    status: 409,
    retryable: false,
    means: 'A conversation never becomes less protected. For a later version.',
  },
  cursor_gone: {
    status: 410,
    retryable: false,
    means: 'What came after the cursor is gone. Go on from `oldest`, and tell people of the hole.',
  },
  payload_too_large: {
    status: 413,
    retryable: false,
    means: 'More than the limits allow; it was not read.',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    means: 'A budget is used up: come back after `Retry-After` seconds.',
  },
  internal: {
    status: 500,
    retryable: false,
    means: 'A fault of the gatekeeper, which is in its log.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    means: 'Something that is needed is away: come back later.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; means: string }>;

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
