import { z } from 'zod';
import { ConvId, Domain, Millis, SecurityLevel, Suite, UserRef, VisibleId } from './common.ts';

export const Participant = z
  .object({
    user_ref: UserRef,
    provider: Domain,
    visible_id: VisibleId,
    name: z.string(),
    kind: z
      .enum(['person', 'bridge', 'bot'])
      .describe('`bridge`: the person is reached through a bridge.'),
    operator: z
      .string()
      .optional()
      .describe('Who operates the bridge or the bot, if not the user.'),
    purpose: z.string().optional(),
  })
  .meta({ id: 'Participant' });
export type Participant = z.infer<typeof Participant>;

export const Conversation = z
  .object({
    conv_id: ConvId,
    conv_uri: z
      .string()
      .describe('`mimi://`, the hub, `/r/`, the conv_id: the room of the content.'),
    type: z.string().describe('`dm`. Others may come.'),
    suite: Suite,
    epoch: z.int().nonnegative(),
    level: SecurityLevel.describe('The worst of all participants and hops.'),
    participants: z.array(Participant),
    created_ms: Millis,
  })
  .meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

export const ConversationCreate = z
  .object({
    type: z.string().max(32).describe('`dm`. Others are refused as `capability_not_enabled`.'),
    peer: UserRef,
    suite: Suite,
  })
  .describe('Two people have one conversation of each suite: it is found again, whoever asks.')
  .meta({ id: 'ConversationCreate' });

export const ConversationList = z
  .object({
    conversations: z.array(Conversation),
    next: z.string().optional().describe('The `after` of the next page, if there is one.'),
  })
  .meta({ id: 'ConversationList' });
