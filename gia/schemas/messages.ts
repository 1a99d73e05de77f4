import { z } from 'zod';
import { base64url, DeviceAddress, DeviceId, Millis, MsgId, Seq, Suite } from './common.ts';
import { limits } from './limits.ts';

export const payloadTypes = ['application', 'handshake', 'welcome'] as const;

export const Payload = z
  .object({
    to: z.union([DeviceAddress, z.literal('group')]),
    type: z.enum(payloadTypes),
    body: base64url(limits.payloadBytes).min(1),
  })
  .meta({ id: 'Payload' });
export type Payload = z.infer<typeof Payload>;

export const MessageSend = z
  .object({
    suite: Suite,
    sender_device: DeviceId,
    epoch: z
      .int()
      .nonnegative()
      .optional()
      .describe('`mls10/1`: the epoch that this was made in. A handshake moves it on by one.'),
    members: z
      .array(DeviceAddress)
      .max(2 * limits.devicesPerUser)
      .optional()
      .describe('With a handshake: all devices that are in the group after it.'),
    payloads: z.array(Payload).min(1).max(limits.payloadsPerMessage),
    client_ts: Millis,
  })
  .meta({ id: 'MessageSend' });
export type MessageSend = z.infer<typeof MessageSend>;

export const MessageAccepted = z
  .object({ msg_id: MsgId, seq: Seq, accepted_ms: Millis })
  .describe('On disk. The same answer to every attempt with this Idempotency-Key.')
  .meta({ id: 'MessageAccepted' });
export type MessageAccepted = z.infer<typeof MessageAccepted>;
