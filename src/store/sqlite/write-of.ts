import type { Write } from '../../ports/journal.ts';

/** One kind of write. */
export type WriteOf<K extends Write['kind']> = Extract<Write, { kind: K }>;
