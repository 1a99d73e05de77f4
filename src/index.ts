/** What a host program needs. */

export * from './adapter/index.ts';
