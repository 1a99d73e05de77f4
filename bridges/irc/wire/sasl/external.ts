import type { Turn } from './turn.ts';

/**
 * The certificate says it all. Atheme refuses an account name here that it has not seen with it before.
 *
 * @see RFC 4422 appendix A
 */
export const external = (): Turn => ({ answer: () => ({ answer: Buffer.alloc(0) }) });
