import { z } from 'zod';
import { OwnUserRate } from './user-rate.ts';

const twoDaysMs = 48 * 3_600_000;

const PortalEntry = z.strictObject({
  chat: z.string().min(1).describe('The chat, by the name that people of the network give it'),
  room: z
    .string()
    .regex(
      /^(![^\s]+|#[^:\s]+:\S+)$/,
      'expected a room id (!abc:example.org) or an alias (#room:example.org)',
    )
    .describe('The room id or alias of the Matrix room'),
});

const joins = {
  ghostsJoin: z
    .enum(['all', 'initial', 'changes', 'speaking'])
    .optional()
    .describe(
      'Who of a chat is shown in its room before they speak: all (as it is without it), only those who are there at the start (initial) or who come later (changes), or nobody (speaking)',
    )
    .meta({ examples: ['speaking'] }),
  ghostsJoinMost: z
    .int()
    .min(0)
    .optional()
    .describe('Where more are in a chat, they are shown only once they speak. Without it: never')
    .meta({ examples: [500] }),
  voicesJoin: z
    .enum(['entering', 'speaking'])
    .optional()
    .describe(
      'When a Matrix user comes into the chat: as they enter its room (entering, as it is without it), or once they speak',
    )
    .meta({ examples: ['speaking'] }),
};

/** One network instance. Its name in the file is its id, which is stored: do not change it later. */
export const NetworkSection = z.strictObject({
  adapter: z
    .string()
    .min(1)
    .describe('The kind of network: one that comes along, or the name of an npm package'),
  displayName: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('What people see as its name. Without it: the name of its adapter')
    .meta({ examples: ['My network'] }),
  icon: z
    .string()
    .regex(/^mxc:\/\/[^/\s?#]+\/[^/\s?#]+$/, 'expected mxc://SERVER/ID')
    .optional()
    .describe(
      'Its picture, for clients that show one: a file that was uploaded to a homeserver. Rooms show it that are bridged from then on',
    )
    .meta({ examples: ['mxc://example.org/abc'] }),
  command: z
    .string()
    .regex(/^![a-z0-9][a-z0-9-]*$/, 'expected ! and small letters, digits or -, such as !chat')
    .optional()
    .describe('The word that a command to the bridge bot begins with')
    .meta({ examples: ['!chat'] }),
  voices: z
    .array(z.enum(['login', 'enlisted', 'relay']))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'expected each voice at most once')
    .default(['login', 'enlisted', 'relay'])
    .describe(
      'How Matrix users speak there, the first that is possible: with a login of their own, with an identity that the bridge takes out for them, or through one bot that names them',
    ),
  idleCloseMs: z
    .int()
    .min(1_000)
    .default(twoDaysMs)
    .describe(
      'After how long without a word an identity that was taken out is let go until it is needed again',
    ),
  maxEnlisted: z
    .int()
    .min(0)
    .optional()
    .describe('How many identities may be taken out at a time. Without it: as many as are needed')
    .meta({ examples: [100] }),
  userRate: OwnUserRate.optional().describe(
    'How much one Matrix user may say here, where it is otherwise than in bridge.userRate',
  ),
  connectionNotices: z
    .boolean()
    .default(false)
    .describe(
      'Whoever speaks there with a voice of their own is told when its connection is down for more than ten seconds, and when it is back: in the private room in which they last gave the bot a command',
    ),
  publishRooms: z
    .boolean()
    .default(false)
    .describe(
      'Whether rooms that are made on request are in the room directory of the homeserver, under this network. Only those of chats of which the network says that anybody may find them and come in',
    ),
  roomsFor: z
    .array(z.string().min(1))
    .optional()
    .describe(
      'A room is made for whoever asks for it, by its alias or by a command, only for chats with such an id: * is any text, ? any letter. Without it: for all',
    )
    .meta({ examples: [['#my-*']] }),
  noRoomsFor: z
    .array(z.string().min(1))
    .default([])
    .describe('For these none is made, whatever stands above')
    .meta({ examples: [['#staff*']] }),
  ...joins,
  chats: z
    .record(z.string().min(1), z.strictObject(joins))
    .optional()
    .describe('The same for single chats, where it is otherwise, each under its id')
    .meta({ examples: [{ '#big': { ghostsJoin: 'speaking' } }] }),
  portals: z
    .array(PortalEntry)
    .default([])
    .describe('Rooms that are linked to chats from the start')
    .meta({ examples: [[{ chat: '#general', room: '#general:example.org' }]] }),
  options: z.unknown().optional().describe('What only this kind of network knows of'),
});
export type NetworkSection = z.infer<typeof NetworkSection>;
