import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { z } from 'zod';
import { limits, tokenAlgorithms, type tokenTypes } from '#gia/schemas';
import { refuse } from '../server/refusal.ts';

export interface Expected {
  readonly typ: (typeof tokenTypes)['request' | 'user'];
  readonly issuer: string;
  readonly audience: string;
  readonly maxAgeS: number;
  readonly nowMs: number;
}

/** The claims of a token, if its signature, its kind, its time, who made it and for whom are right. */
export async function verified<T extends z.ZodType>(
  schema: T,
  token: string,
  { keys, expected }: { keys: JWTVerifyGetKey; expected: Expected },
): Promise<z.output<T>> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [...tokenAlgorithms],
    typ: expected.typ,
    issuer: expected.issuer,
    audience: expected.audience,
    clockTolerance: limits.clockLeewayS,
    currentDate: new Date(expected.nowMs),
  }).catch(explain);
  const { success, data, error } = schema.safeParse(payload);
  if (!success)
    refuse(
      'unauthorized_provider',
      `The claim "${error.issues[0]?.path.join('.')}" of the token is not as it has to be`,
    );
  refuseTimes(payload, expected);
  return data;
}

function explain(error: unknown): never {
  if (error instanceof errors.JWTExpired) refuse('token_expired', 'The token has expired');
  if (error instanceof errors.JWTClaimValidationFailed)
    refuse(
      'unauthorized_provider',
      `The claim "${error.claim}" of the token is not as it has to be`,
    );
  if (error instanceof errors.JOSEError)
    refuse('unauthorized_provider', `The token does not verify (${error.code})`);
  throw error;
}

function refuseTimes({ iat = 0, exp = 0 }: { iat?: number; exp?: number }, expected: Expected) {
  const nowS = expected.nowMs / 1000;
  if (exp - iat > expected.maxAgeS)
    refuse('token_expired', `A token of this kind is valid for at most ${expected.maxAgeS} s`);
  if (iat > nowS + limits.clockLeewayS)
    refuse('token_expired', 'The token is of the future: set the clock');
}
