import { z } from 'zod';
import { DeviceId, Domain, HttpsUrl, Millis, UserRef, VisibleId } from './common.ts';

export const Profile = z
  .object({
    name: z.string().min(1).max(128),
    avatar_ref: HttpsUrl.optional().describe('On a media domain of the provider.'),
  })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof Profile>;

export const userStates = ['active', 'challenge', 'suspended', 'deleted'] as const;

export const User = z
  .object({
    user_ref: UserRef,
    integrator: z.int().nonnegative(),
    provider: Domain.describe('Whose user that is. Of the local ones it is the gatekeeper.'),
    visible_id: VisibleId,
    state: z.enum(userStates),
    profile: Profile,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof User>;

export const Challenge = z
  .object({
    challenge_id: z.string().max(64),
    kind: z.string().describe('`code`: what was sent to the person is typed in.'),
    hint: z.string().max(255).describe('Where to look for it, in words for the person.'),
    expires_ms: Millis,
  })
  .describe('The gatekeeper asks the person itself, and need not trust the provider.')
  .meta({ id: 'Challenge' });
export type Challenge = z.infer<typeof Challenge>;

export const Enlist = z
  .object({
    visible_id: VisibleId,
    user_token: z.string().max(4096).describe('A UserToken as compact JWS.'),
    profile: Profile,
    consent: z
      .object({
        tos_version: z.string().max(64),
        discoverable: z.boolean().describe('May be found by search, not only by the whole id.'),
      })
      .describe('What the person agreed to.'),
  })
  .meta({ id: 'Enlist' });
export type Enlist = z.infer<typeof Enlist>;

export const Enlisted = User.extend({ challenge: Challenge.optional() }).meta({ id: 'Enlisted' });
export type Enlisted = z.infer<typeof Enlisted>;

export const ChallengeAnswer = z
  .object({ challenge_id: z.string().max(64), answer: z.string().max(64) })
  .meta({ id: 'ChallengeAnswer' });

export const UserPatch = z.object({ profile: Profile }).meta({ id: 'UserPatch' });

export const UserList = z.object({ users: z.array(User) }).meta({ id: 'UserList' });

export const Lookup = z
  .object({ identifiers: z.array(z.string().min(1).max(255)).min(1).max(50) })
  .meta({ id: 'Lookup' });

export const LookupResult = z
  .object({
    results: z.array(
      z.object({
        identifier: z.string(),
        status: z
          .enum(['found', 'not_found_or_not_allowed'])
          .describe('Who is not there and who does not want to be found look alike.'),
        user_ref: UserRef.optional(),
        name: z.string().optional(),
      }),
    ),
  })
  .describe('One for each identifier, in their order.')
  .meta({ id: 'LookupResult' });

export const BlockList = z.object({ blocked: z.array(UserRef) }).meta({ id: 'BlockList' });

export const Login = z
  .object({
    name: z.string().min(1).max(128).describe('The part before the `@`.'),
    password: z.string().min(1).max(256),
    device: DeviceId,
  })
  .describe('Only for users of the gatekeeper itself.')
  .meta({ id: 'Login' });

export const Session = z
  .object({ token: z.string().describe('For this user on this device.'), user: User })
  .meta({ id: 'Session' });
