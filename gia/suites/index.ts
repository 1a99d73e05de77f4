import { e2b } from './e2b.ts';
import { mls10 } from './mls/index.ts';
import type { CipherSuite } from './suite.ts';

export { type Position, positionOf } from './mls/position.ts';
export { BadWire, type WireCode, wireCodes } from './refusal.ts';
export * from './suite.ts';

/** By id, the better first. */
export const suites: Readonly<Record<CipherSuite['id'], CipherSuite>> = {
  'mls10/1': mls10,
  'e2b/1': e2b,
};
