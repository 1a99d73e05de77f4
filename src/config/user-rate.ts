import { z } from 'zod';

const burst = z.int().min(1).describe('So much at once, after a silence');
const perSecond = z.number().positive().describe('And then so much in each second');

/** How much one Matrix user may say on one network. */
export const UserRate = z.strictObject({
  burst: burst.default(100),
  perSecond: perSecond.default(10),
});

/** The same for one network: what is left out is as everywhere. */
export const OwnUserRate = z.strictObject({
  burst: burst.optional().meta({ examples: [20] }),
  perSecond: perSecond.optional().meta({ examples: [2] }),
});
