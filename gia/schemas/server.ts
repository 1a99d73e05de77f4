import { z } from 'zod';
import { Domain, levels, Suite } from './common.ts';
import { GiaVersion } from './headers.ts';

export const ServerInfo = z
  .object({
    domain: Domain,
    origin: z.string().describe('The `aud` of every token.'),
    versions: z.array(GiaVersion).min(1).describe('Newest last.'),
    levels: z
      .array(z.enum(levels))
      .describe(
        'What is enabled: L1 chats of two people, L2 groups, L3 calls of two, L4 calls of groups. ' +
          'What belongs to another one is refused as `capability_not_enabled`.',
      ),
    suites: z.array(Suite),
    limits: z.record(z.string(), z.int()).describe('By name, see "Limits".'),
    reference_offer: z.string(),
    openapi: z.string(),
  })
  .meta({ id: 'ServerInfo' });
export type ServerInfo = z.infer<typeof ServerInfo>;
