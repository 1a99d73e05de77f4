import { z } from 'zod';

const often = {
  /** So often it happens. */
  times: z.union([z.int().positive(), z.literal('always')]).default(1),
  /** It happens by chance: the same way for the same seed. Absent: whenever it can. */
  chance: z.strictObject({ of: z.number().min(0).max(1), seed: z.int() }).optional(),
  /** To this appservice only, whomever it speaks for. Absent: to anybody. */
  appservice: z.string().optional(),
};

const asked = {
  ...often,
  /**
   * To requests that begin so: `PUT /rooms/{}/send`. The path begins after the version of the API, its
   * parts are not encoded, and `{}` is any one part.
   */
  on: z
    .string()
    .regex(/^[A-Z]+ \//, 'not like `PUT /rooms/{}/send`')
    .optional(),
  /** To requests about this room only. */
  room: z.string().optional(),
};
const when = z.enum(['before', 'after']);
const delayMs = z.int().min(0).max(600_000);

/** One way to go wrong with what a client asks. */
export const RequestMishap = z.discriminatedUnion('is', [
  /** Answers 5xx: before anything was done, or after all of it was. */
  z.strictObject({
    is: z.literal('error'),
    when,
    status: z.int().min(500).max(599).default(502),
    ...asked,
  }),
  /** Resets the connection instead of an answer. */
  z.strictObject({ is: z.literal('drop'), when, ...asked }),
  /** Takes its time. Before: a client that has gone meanwhile is not served. */
  z.strictObject({ is: z.literal('delay'), when, delayMs, ...asked }),
  /** Answers 429 and does nothing. */
  z.strictObject({ is: z.literal('rate-limit'), retryAfterMs: z.int().positive(), ...asked }),
  /** Refuses and does nothing. A token that was revoked: 401 `M_UNKNOWN_TOKEN`, always. */
  z.strictObject({
    is: z.literal('refuse'),
    status: z.int().min(400).max(499).default(403),
    errcode: z.string().default('M_FORBIDDEN'),
    ...asked,
  }),
]);
export type RequestMishap = z.output<typeof RequestMishap>;

/** One way to go wrong with what an appservice is told. */
export const DeliveryMishap = z.discriminatedUnion('is', [
  /** Sends a transaction a second time while the first copy is under way. */
  z.strictObject({ is: z.literal('repeat-transaction'), ...often }),
  /** Takes it for a failure when the appservice has taken a transaction. */
  z.strictObject({ is: z.literal('lose-answer'), ...often }),
  /** A transaction that failed comes again under its id with all that has happened since (Dendrite). */
  z.strictObject({ is: z.literal('grow-transaction'), ...often }),
  /** Never tells of an event, as of what was queued when a Synapse is killed. */
  z.strictObject({ is: z.literal('lose-event'), ...often }),
  /** Sends a transaction no sooner than it next recovers from a failure, as one that Synapse makes just as it has. */
  z.strictObject({ is: z.literal('lay-aside'), ...often }),
]);
export type DeliveryMishap = z.output<typeof DeliveryMishap>;

export const Mishap = z.union([RequestMishap, DeliveryMishap]);
export type Mishap = z.output<typeof Mishap>;
/** What is asked for: it happens once unless it says otherwise. */
export type MishapInput = z.input<typeof Mishap>;
