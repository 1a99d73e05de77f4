import { z } from 'zod';
import { UserRef } from './common.ts';

/** The version that this document describes: a date in `GIA-Version`, a major in the path. */
export const giaVersion = '2026-11';
export const basePath = '/gia/v1';

export const headers = {
  version: 'GIA-Version',
  user: 'GIA-User',
  idempotencyKey: 'Idempotency-Key',
  lastEventId: 'Last-Event-ID',
  uploadOffset: 'Upload-Offset',
} as const;

/** `Authorization: GIA <jwt>` of a provider, `Authorization: Bearer <token>` of a user of the gatekeeper itself. */
export const schemes = { provider: 'GIA', localUser: 'Bearer' } as const;

export const GiaVersion = z
  .string()
  .regex(/^\d{4}-\d{2}$/)
  .describe('The version the caller was written for. Absent: the newest.');

export const GiaUser = UserRef.describe(
  'Who the provider acts for. Needed wherever a call is one of a user.',
);

export const IdempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/)
  .describe('Chosen by the sender, at least 128 random bits. The same in every attempt.');
