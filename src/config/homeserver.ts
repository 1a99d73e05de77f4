import { z } from 'zod';
import { webAddress } from './web-address.ts';

/** Where the Matrix side is. */
export const HomeserverConfig = z.strictObject({
  url: webAddress.describe('Where the bridge reaches the homeserver').meta({
    examples: ['http://127.0.0.1:8008'],
  }),
  serverName: z
    .string()
    .regex(
      /^(\[[0-9a-fA-F:.]{2,45}\]|[0-9A-Za-z.-]{1,255})(:\d{1,5})?$/,
      'expected a server name such as example.org, as it stands in user ids',
    )
    .describe('What stands after the colon in the user ids of this homeserver')
    .meta({ examples: ['example.org'] }),
});
export type HomeserverConfig = z.infer<typeof HomeserverConfig>;
