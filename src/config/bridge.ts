import { z } from 'zod';
import { Permissions } from './permissions.ts';
import { UserRate } from './user-rate.ts';
import { webAddress } from './web-address.ts';

const ListenConfig = z.strictObject({
  host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('The address to listen on; 0.0.0.0 is every network of this machine'),
  port: z.int().min(0).max(65_535).default(9993).describe('The port to listen on; 0 takes any'),
});

/** The bridge itself: how it is reached, what it is called, what it keeps. */
export const BridgeSection = z.strictObject({
  url: webAddress
    .describe('Where the homeserver reaches the bridge; it goes into the registration')
    .meta({ examples: ['http://127.0.0.1:9993'] }),
  listen: ListenConfig.prefault({}).describe('Where the bridge listens for the homeserver'),
  publicUrl: webAddress
    .optional()
    .describe(
      'Where the world reaches the paths under /said/ and /at/ of the bridge, through a proxy of yours. Texts that are too long for a network, and files where it takes none, are shown under /said/; under /at/ some networks fetch files. Absent: nothing is',
    )
    .meta({ examples: ['https://bridge.example.org'] }),
  publishedDays: z.int().min(1).max(3_650).default(7).describe('For how many days'),
  prefix: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9._=-]{0,62}_$/,
      'expected small letters, digits and . _ = - with a _ at the end, such as drawbridge_',
    )
    .default('drawbridge_')
    .describe(
      'How the names of all users and aliases of the bridge begin. Part of what is stored: do not change it later',
    ),
  botDisplayName: z
    .string()
    .min(1)
    .max(255)
    .default('Drawbridge')
    .describe('What people see as the name of the bridge bot'),
  registrationFile: z
    .string()
    .min(1)
    .default('registration.local.yaml')
    .describe('The registration with the real tokens, seen from the folder of this file'),
  dataDir: z
    .string()
    .min(1)
    .default('./data')
    .describe('Where the database and its key are kept, seen from the folder of this file'),
  permissions: Permissions.default({ '*': 'use' }).describe(
    "Who may do what: by user id, server name, a mask of either such as '@spam*:*' or '*.example.org', or '*'; the most exact counts. none: is not bridged; relay: only through a relay; use: with a login or an identity of their own; admin: may also see into queues",
  ),
  policyRooms: z
    .array(
      z
        .string()
        .regex(
          /^(![^\s]+|#[^:\s]+:\S+)$/,
          'expected a room id (!abc:example.org) or an alias (#bans:example.org)',
        ),
    )
    .default([])
    .describe(
      'Ban lists: rooms whose rules (m.policy.rule.user, m.policy.rule.server) say who is kept out, as by none above. The bot joins them',
    )
    .meta({ examples: [['#bans:example.org']] }),
  userRate: UserRate.prefault({}).describe(
    'How much one Matrix user may say on a network. What is more waits in its place, and passes nobody; what others say passes it',
  ),
  privacyNotice: z
    .string()
    .max(1_000)
    .default(
      'What is said here is passed on to {chat} on {network}, where others read and keep it. Say “{command} optout”, and what you say is not.',
    )
    .describe(
      'Said by the bot where words begin to be passed on, of {chat}, {network} and {command}. Empty: nothing is said',
    ),
  privacyNoticeTo: z
    .enum(['rooms', 'people', 'both'])
    .default('rooms')
    .describe(
      'Whom it is said to, once: rooms as they are linked, people as they first get an identity of their own on a network, or both',
    ),
  statusEvents: z
    .boolean()
    .default(false)
    .describe('Tell clients that show it what became of each message (an event for every one)'),
  deadLetterDays: z
    .int()
    .min(1)
    .default(7)
    .describe('How many days a message that failed is kept, so that it can be tried again'),
  drainMs: z
    .int()
    .min(0)
    .default(60_000)
    .describe('How long `drawbridge drain` lets the bridge get over what waits before it ends'),
  maxAgeMs: z
    .int()
    .min(1_000)
    .default(3_600_000)
    .describe(
      'How long a message to a network that cannot be reached is tried before it counts as failed',
    ),
});
export type BridgeSection = z.infer<typeof BridgeSection>;
