import { z } from 'zod';
import { DeviceId, MsgId, Seq } from './common.ts';
import { limits } from './limits.ts';

export const receiptKinds = ['delivery', 'read'] as const;

export const TypingSend = z.object({
  kind: z.literal('typing'),
  sender_device: DeviceId,
  active: z.boolean(),
  ttl_ms: z.int().positive().max(limits.ephemeralTtlMs).optional(),
});

export const UpTo = z
  .object({ msg_id: MsgId, seq: Seq })
  .describe('This message and all before it.')
  .meta({ id: 'UpTo' });

export const ReceiptSend = z.object({
  kind: z.enum(receiptKinds),
  sender_device: DeviceId,
  up_to: UpTo,
});

export const EphemeralSend = z
  .union([TypingSend, ReceiptSend])
  .describe('Typing is for who listens now. Of receipts the newest is kept.')
  .meta({ id: 'EphemeralSend' });
export type EphemeralSend = z.infer<typeof EphemeralSend>;
