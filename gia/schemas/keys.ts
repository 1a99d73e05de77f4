import { z } from 'zod';
import { base64url, ConvId, DeviceId, Suite, UserRef } from './common.ts';
import { limits } from './limits.ts';

const KeyPackage = base64url(limits.keyPackageBytes).min(1);

export const KeyUpload = z
  .object({
    suite: Suite,
    key_packages: z.array(KeyPackage).max(limits.keyPackagesPerUpload),
    last_resort: KeyPackage.optional().describe('Handed out when all others are, again and again.'),
  })
  .describe('Adds to what is there; what is there already is not added twice.')
  .meta({ id: 'KeyUpload' });

export const KeyCount = z
  .object({ suite: Suite, count: z.int().nonnegative(), last_resort: z.boolean() })
  .describe('What is left.')
  .meta({ id: 'KeyCount' });

export const userClaimCodes = [
  'success',
  'partial',
  'incompatible',
  'none_compatible',
  'unknown',
  'no_consent',
  'no_consent_for_room',
  'deleted',
] as const;
export const deviceClaimCodes = ['success', 'exhausted', 'nothing_compatible'] as const;

export const KeyClaim = z
  .object({
    suite: Suite,
    sender_device: DeviceId,
    conv_id: ConvId.optional(),
    targets: z
      .array(
        z.object({
          user_ref: UserRef,
          devices: z.union([z.literal('all'), z.array(DeviceId).min(1).max(limits.devicesPerUser)]),
        }),
      )
      .min(1)
      .max(limits.claimTargets),
  })
  .describe('Each key package is handed out once.')
  .meta({ id: 'KeyClaim' });
export type KeyClaim = z.infer<typeof KeyClaim>;

export const ClaimedDevice = z.object({
  device: DeviceId,
  status: z.enum(deviceClaimCodes),
  key_package: KeyPackage.optional(),
  last_resort: z.boolean().optional(),
});

export const ClaimedUser = z
  .object({
    user_ref: UserRef,
    status: z.enum(userClaimCodes),
    devices: z.array(ClaimedDevice),
  })
  .meta({ id: 'ClaimedUser' });
export type ClaimedUser = z.infer<typeof ClaimedUser>;

export const KeyClaimed = z
  .object({ users: z.array(ClaimedUser) })
  .describe('One for each target, in their order.')
  .meta({ id: 'KeyClaimed' });
