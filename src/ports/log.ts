export type { Log } from '../adapter/network.ts';
