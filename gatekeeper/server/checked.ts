import type { z } from 'zod';
import { refuse } from './refusal.ts';

/** What was sent, if it is what the schema says. Tells where it is not, and repeats nothing of it. */
export function checked<T extends z.ZodType>(
  schema: T,
  value: unknown,
  where: string,
): z.output<T> {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const at = [where, ...(issue?.path ?? [])].join('.');
  return refuse('invalid_request', `${at}: ${issue?.message ?? 'not as the schema says'}`);
}
