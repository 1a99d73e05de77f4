import { z } from 'zod';
import { HttpsUrl, Sha256 } from './common.ts';
import { limits } from './limits.ts';

export const MediaId = z
  .string()
  .regex(/^md_[A-Za-z0-9_-]{32,64}$/)
  .meta({ id: 'MediaId' });

export const MediaCreate = z
  .object({ size_bytes: z.int().positive().max(limits.mediaBytes), sha256: Sha256 })
  .describe('Of the ciphertext: the gatekeeper never sees what is in it.')
  .meta({ id: 'MediaCreate' });

export const MediaState = z
  .object({
    media_id: MediaId,
    url: HttpsUrl.describe('What goes into the message.'),
    size_bytes: z.int().positive(),
    offset_bytes: z.int().nonnegative().describe('How much is there: the next piece begins here.'),
    complete: z.boolean(),
  })
  .meta({ id: 'MediaState' });
export type MediaState = z.infer<typeof MediaState>;

export const UploadOffset = z.coerce.number().int().nonnegative().max(limits.mediaBytes);
