import type { z } from 'zod';
import type { ProblemCode } from './problems.ts';

/**
 * Who may call. `anyone`; a `provider` as such (its token, no `GIA-User`); a `user` (a local one by its own token, or a
 * provider that acts for one of its own by `GIA-User`); a `caller` is a provider or a local user; `local` a local user only.
 */
export type Callers = 'anyone' | 'provider' | 'user' | 'caller' | 'local';

/** What an answer holds: JSON of a schema, nothing, a stream of events, or bytes of a file. */
export type Answer = z.ZodType | 'nothing' | 'events' | 'bytes';

export interface Operation {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** After `/gia/v1`. What is in braces is a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly callers: Callers;
  readonly params?: Readonly<Record<string, z.ZodType>>;
  readonly query?: z.ZodObject;
  /** Besides those that every call has. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  readonly body?: z.ZodType | 'bytes';
  readonly answers: Readonly<Record<number, Answer>>;
  /** Besides those that every call may be refused with. */
  readonly problems: readonly ProblemCode[];
}

/** What any call may be refused with. */
export const problemsOfAll: readonly ProblemCode[] = [
  'invalid_request',
  'unsupported_version',
  'not_found',
  'payload_too_large',
  'rate_limited',
  'internal',
  'unavailable',
];

/** What any call of somebody known may be refused with. */
export const problemsOfKnown: readonly ProblemCode[] = [
  'unauthorized_provider',
  'token_expired',
  'token_replayed',
  'forbidden',
  'user_suspended',
];

export const problemsOf = (operation: Operation): ProblemCode[] => [
  ...new Set([
    ...problemsOfAll,
    ...(operation.callers === 'anyone' ? [] : problemsOfKnown),
    ...operation.problems,
  ]),
];
