import type { Problem, ProblemCode } from '../schemas/index.ts';

/**
 * A call that did not do what it should. `effect` is what a caller needs to know before it tries again: `none`, the gatekeeper did
 * not take it; `unknown`, it may have, and only a call that may be repeated (by its nature, or its idempotency key) settles that.
 */
export class ApiFailure extends Error {
  readonly code: ProblemCode | 'no_answer' | 'bad_answer';
  readonly effect: 'none' | 'unknown';
  /** The same may succeed later. */
  readonly isRetryable: boolean;
  /** What the gatekeeper says of it: some codes have facts beside them. */
  readonly problem?: Problem;
  readonly retryAfterMs?: number;

  constructor(message: string, facts: Facts, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiFailure';
    this.code = facts.code;
    this.effect = facts.effect;
    this.isRetryable = facts.isRetryable;
    if (facts.problem) this.problem = facts.problem;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}

type Facts = Pick<ApiFailure, 'code' | 'effect' | 'isRetryable' | 'problem' | 'retryAfterMs'>;

/** A gatekeeper that broke while it worked may have done it. Every other refusal says that it did nothing. */
const unsure: readonly ProblemCode[] = ['internal', 'unavailable'];

export function refused(problem: Problem, retryAfter: string | undefined): ApiFailure {
  const { code, title, detail, retryable } = problem;
  const seconds = Number(retryAfter);
  return new ApiFailure(detail ?? title, {
    ...{ code, problem, isRetryable: retryable },
    effect: unsure.includes(code) ? 'unknown' : 'none',
    ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
  });
}

export const badAnswer = (message: string, cause?: unknown): ApiFailure =>
  new ApiFailure(message, { code: 'bad_answer', effect: 'unknown', isRetryable: false }, { cause });

/** Errors that say that no connection came about, so nothing was sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
]);

export function noAnswer(cause: unknown): ApiFailure {
  const { code, message } = cause as { code?: string; message?: string };
  const effect = code !== undefined && unsent.has(code) ? 'none' : 'unknown';
  return new ApiFailure(
    `no answer: ${message}`,
    { code: 'no_answer', effect, isRetryable: true },
    { cause },
  );
}
