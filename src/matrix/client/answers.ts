import { text } from '../../util/fields.ts';
import { type Endpoint, nameOf } from './endpoint.ts';
import { unreadable } from './failures.ts';

/** A text that an answer must have. @throws {MatrixError} `ambiguous` when it is missing. */
export function answered(endpoint: Endpoint, answer: unknown, key: string): string {
  const value = text(answer, key);
  if (value === undefined) throw unreadable(nameOf(endpoint), 200, `without "${key}"`);
  return value;
}
