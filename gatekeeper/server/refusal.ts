import { type Problem, type ProblemCode, problems } from '#gia/schemas';

/** Thrown wherever a call is refused, and answered as problem details. */
export class Refusal extends Error {
  readonly code: ProblemCode;
  readonly more: Readonly<Record<string, unknown>>;
  /** 0: the caller need not wait. */
  readonly retryAfterMs: number;

  constructor(code: ProblemCode, detail: string, more: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.code = code;
    this.more = more;
    this.retryAfterMs = typeof more['retry_after_ms'] === 'number' ? more['retry_after_ms'] : 0;
  }
}

export function refuse(
  code: ProblemCode,
  detail: string,
  more?: Readonly<Record<string, unknown>>,
): never {
  throw new Refusal(code, detail, more);
}

const title = (code: string) => code.charAt(0).toUpperCase() + code.slice(1).replaceAll('_', ' ');

export const problemOf = ({ code, message, more }: Refusal): Problem => ({
  type: `urn:gia:problem:${code}`,
  title: title(code),
  status: problems[code].status,
  detail: message,
  code,
  retryable: problems[code].retryable,
  ...more,
});
