import { z } from 'zod';

/** Where the metrics are, if anywhere. */
export const MetricsConfig = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to listen on. Nobody is asked who they are: keep it to those who watch'),
  port: z.int().min(0).max(65_535).default(9994).describe('The port to listen on; 0 takes any'),
});
export type MetricsConfig = z.infer<typeof MetricsConfig>;
