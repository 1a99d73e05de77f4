import { z } from 'zod';

/** One line for people: no control characters, so that nobody can forge a second line. */
const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !/\p{Cc}/u.test(text), 'must not have control characters');

const Id = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'must be 1 to 64 of a-z 0-9 . _ - and begin with a letter or digit',
  );
const Text = z.string().min(1, 'must not be empty');
const Words = {
  text: Text,
  html: z.string().exactOptional(),
  style: z.enum(['emote', 'notice']).exactOptional(),
};
const Guise = z.strictObject({ name: line(100), avatar: line(2000).exactOptional() });
const Key = z.string().min(1).max(200);

/** What the bodies of requests must look like. */
export const shapes = {
  account: z.strictObject({ id: Id, displayName: line(100).exactOptional() }),
  client: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('enlisted'), displayName: line(100) }),
    z.strictObject({ kind: z.literal('login'), token: z.string() }),
    z.strictObject({ kind: z.literal('relay') }),
  ]),
  profile: z.strictObject({ displayName: line(100) }),
  chat: z.strictObject({
    name: line(200).exactOptional(),
    topic: z.string().max(2000).exactOptional(),
  }),
  direct: z.strictObject({ with: Id }),
  member: z.strictObject({
    is: z.enum(['in', 'out', 'invited', 'banned', 'unbanned']),
    reason: line(500).exactOptional(),
    key: Key.exactOptional(),
  }),
  message: z.strictObject({
    ...Words,
    guise: Guise.exactOptional(),
    replyTo: z.string().max(100).exactOptional(),
    key: Key.exactOptional(),
  }),
  edit: z.strictObject(Words),
  reaction: z.strictObject({
    emoji: line(100),
    removed: z.boolean(),
    guise: Guise.exactOptional(),
  }),
  read: z.strictObject({ upTo: z.string().max(100) }),
  typing: z.strictObject({ forMs: z.int().min(0).max(120_000) }),
  nothing: z.unknown(),
} as const;

const GroupName = line(200).refine((id) => !id.includes('/') && !id.startsWith('direct:'));

export const isGroupName = (name: string) => GroupName.safeParse(name).success;
