import { z } from 'zod';

/** What the log says and how it looks. */
export const LogConfig = z.strictObject({
  level: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('The least important line that is written; the way of each message is at debug'),
  format: z
    .enum(['pretty', 'json'])
    .default('pretty')
    .describe('pretty: for people; json: a line of JSON each, for machines'),
});
export type LogConfig = z.infer<typeof LogConfig>;
