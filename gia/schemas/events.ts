import { z } from 'zod';
import {
  base64url,
  ConvId,
  Cursor,
  DeviceAddress,
  DeviceId,
  Millis,
  MsgId,
  Seq,
  Suite,
  UserRef,
} from './common.ts';
import { Conversation } from './conversations.ts';
import { receiptKinds, UpTo } from './ephemeral.ts';
import { IdempotencyKey } from './headers.ts';
import { limits } from './limits.ts';
import { payloadTypes } from './messages.ts';
import { Profile } from './users.ts';

/** What every event has. Of an unknown type, nothing else is read; it is acknowledged all the same. */
export const EventEnvelope = z
  .object({
    event_id: z
      .string()
      .regex(/^ev_[A-Za-z0-9_-]{16,64}$/)
      .describe('The same whenever it comes again.'),
    cursor: Cursor.optional().describe('Absent of what is not kept, such as typing.'),
    type: z.string().max(64),
    to: z
      .object({ user_ref: UserRef, device: DeviceId.optional() })
      .optional()
      .describe('For whom, of all users of the stream. Absent: for the provider itself.'),
    conv_id: ConvId.optional(),
    data: z.looseObject({}),
  })
  .meta({ id: 'EventEnvelope' });
export type EventEnvelope = z.infer<typeof EventEnvelope>;

const kept = EventEnvelope.extend({ cursor: Cursor });
const toUser = kept.extend({ to: z.object({ user_ref: UserRef, device: DeviceId.optional() }) });
const inChat = toUser.extend({ conv_id: ConvId });

export const MessageNew = inChat
  .extend({
    type: z.literal('message.new'),
    to: DeviceAddress,
    data: z.object({
      msg_id: MsgId,
      seq: Seq,
      from: DeviceAddress,
      accepted_ms: Millis,
      suite: Suite,
      epoch: z.int().nonnegative().optional().describe('The one that it was made in.'),
      type: z.enum(payloadTypes),
      body: base64url(limits.payloadBytes),
      idempotency_key: IdempotencyKey.optional().describe(
        "Where the sender is of this stream too: the sender's own.",
      ),
    }),
  })
  .describe('One payload for one device. A message of several for the same device has as many.')
  .meta({ id: 'MessageNewEvent' });
export type MessageNew = z.infer<typeof MessageNew>;

export const MessageFailed = inChat
  .extend({
    type: z.literal('message.failed'),
    data: z.object({ msg_id: MsgId, seq: Seq, recipient: DeviceAddress, reason: z.string() }),
  })
  .describe('To the sender: nobody fetched it for 30 days, so it is gone.')
  .meta({ id: 'MessageFailedEvent' });

export const Receipt = inChat
  .extend({
    type: z.literal('receipt'),
    data: z.object({ from: UserRef, kind: z.enum(receiptKinds), up_to: UpTo, at_ms: Millis }),
  })
  .meta({ id: 'ReceiptEvent' });

export const Typing = EventEnvelope.omit({ cursor: true })
  .extend({
    type: z.literal('typing'),
    to: z.object({ user_ref: UserRef, device: DeviceId.optional() }),
    conv_id: ConvId,
    data: z.object({ from: UserRef, active: z.boolean(), expires_ms: Millis }),
  })
  .meta({ id: 'TypingEvent' });

export const ConversationCreated = inChat
  .extend({ type: z.literal('conversation.created'), data: Conversation })
  .meta({ id: 'ConversationCreatedEvent' });

export const ConversationUpdated = inChat
  .extend({ type: z.literal('conversation.updated'), data: Conversation })
  .describe('Such as another security level.')
  .meta({ id: 'ConversationUpdatedEvent' });

export const DevicesChanged = toUser
  .extend({
    type: z.literal('devices.changed'),
    data: z.object({ user_ref: UserRef, v: z.int().positive() }),
  })
  .describe('Somebody one talks to has another device list.')
  .meta({ id: 'DevicesChangedEvent' });

export const IdentityChanged = toUser
  .extend({
    type: z.literal('identity.changed'),
    data: z.object({
      user_ref: UserRef,
      old: z.string().describe('The RFC 7638 thumbprint of the account key.'),
      new: z.string(),
    }),
  })
  .meta({ id: 'IdentityChangedEvent' });

export const KeysLow = toUser
  .extend({
    type: z.literal('keys.low'),
    to: DeviceAddress,
    data: z.object({ suite: Suite, count: z.int().nonnegative() }),
  })
  .meta({ id: 'KeysLowEvent' });

export const UserUpdated = toUser
  .extend({
    type: z.literal('user.updated'),
    data: z.object({ user_ref: UserRef, profile: Profile }),
  })
  .meta({ id: 'UserUpdatedEvent' });

export const UserSuspended = toUser
  .extend({
    type: z.literal('user.suspended'),
    data: z.object({ user_ref: UserRef, reason: z.string(), until_ms: Millis.optional() }),
  })
  .meta({ id: 'UserSuspendedEvent' });

export const UserRestored = toUser
  .extend({ type: z.literal('user.restored'), data: z.object({ user_ref: UserRef }) })
  .meta({ id: 'UserRestoredEvent' });

export const UserDeleted = toUser
  .extend({ type: z.literal('user.deleted'), data: z.object({ user_ref: UserRef }) })
  .meta({ id: 'UserDeletedEvent' });

export const ProviderNotice = kept
  .extend({
    type: z.literal('provider.notice'),
    data: z.object({ text: z.string().max(4096) }),
  })
  .meta({ id: 'ProviderNoticeEvent' });

export const KnownEvent = z
  .discriminatedUnion('type', [
    MessageNew,
    MessageFailed,
    Receipt,
    Typing,
    ConversationCreated,
    ConversationUpdated,
    DevicesChanged,
    IdentityChanged,
    KeysLow,
    UserUpdated,
    UserSuspended,
    UserRestored,
    UserDeleted,
    ProviderNotice,
  ])
  .meta({ id: 'KnownEvent' });
export type KnownEvent = z.infer<typeof KnownEvent>;

export const EventsAck = z
  .object({ cursor: Cursor.describe('This event and all before it are never sent again.') })
  .meta({ id: 'EventsAck' });
