import type { z } from 'zod';
import { type Json, schemaOf } from './named-schemas.ts';
import { type Operation, problemsOf } from './operation.ts';
import {
  CursorGoneProblem,
  DeviceMismatchProblem,
  Problem,
  type ProblemCode,
  problems,
  WrongEpochProblem,
} from './problems.ts';

const special: Partial<Record<ProblemCode, z.ZodType>> = {
  device_mismatch: DeviceMismatchProblem,
  wrong_epoch: WrongEpochProblem,
  cursor_gone: CursorGoneProblem,
};

/** By status, the problems that come with it. */
export function refusals(operation: Operation): Json {
  const codes = problemsOf(operation);
  const statuses = [...new Set(codes.map((code) => problems[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => problems[code].status === status);
      const content = { 'application/problem+json': { schema: problemOf(ofStatus) } };
      return [status, { description: ofStatus.join(', '), content }];
    }),
  );
}

function problemOf(codes: readonly ProblemCode[]): Json {
  const plain = codes.filter((code) => special[code] === undefined);
  const others = codes.flatMap((code) => special[code] ?? []);
  const ofPlain = {
    allOf: [schemaOf(Problem), { properties: { code: { enum: plain } } }],
  };
  if (others.length === 0) return ofPlain;
  return { anyOf: [...others.map(schemaOf), ...(plain.length > 0 ? [ofPlain] : [])] };
}
