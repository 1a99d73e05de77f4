import { start } from './001-start.ts';

/** In the order in which they are applied. What is published is never changed, only added to. */
export const migrations: readonly string[] = [start];
