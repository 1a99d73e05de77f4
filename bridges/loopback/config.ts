import { z } from 'zod';

export const Certainty = z.enum(['drops-repeats', 'echoes', 'look-up', 'nothing']);
export type Certainty = z.infer<typeof Certainty>;

export const Config = z.strictObject({
  url: z.url().describe('Where the network answers'),
  botToken: z.string().default('loopback-bot').describe('The token of its bot'),
  certainty: Certainty.default('drops-repeats').describe(
    'What it makes of the key of a message: as it was started with',
  ),
});
export type Config = z.infer<typeof Config>;
