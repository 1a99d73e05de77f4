import { z } from 'zod';
import { Domain, HttpsUrl, Millis, Suite } from './common.ts';
import { Jwks } from './jwk.ts';

export const providerStates = [
  'requested',
  'needs_info',
  'agreed',
  'operational',
  'suspended',
  'ended',
] as const;

export const ProviderState = z.enum(providerStates).meta({ id: 'ProviderState' });
export type ProviderState = z.infer<typeof ProviderState>;

export const providerFunctions = ['dm', 'dm.files'] as const;

export const ProviderRequest = z
  .object({
    domain: Domain,
    name: z.string().min(1).max(128).describe('What people see in a list of providers.'),
    contacts: z
      .array(z.string().min(3).max(255))
      .min(1)
      .max(8)
      .describe('Mail addresses that somebody reads.'),
    functions: z.array(z.string().max(64)).min(1).max(32).describe('Such as `dm`, `dm.files`.'),
    security_equivalence: z
      .object({ suites: z.array(Suite).min(1).max(16), audits: z.array(HttpsUrl).max(16) })
      .describe('What keeps the protection of the people over here as it is.'),
    media_domains: z.array(Domain).max(16).describe('Where files of its users are fetched from.'),
    jwks: Jwks.optional(),
    jwks_uri: HttpsUrl.optional().describe('Instead of `jwks`; on the domain or below it.'),
  })
  .refine((request) => (request.jwks === undefined) !== (request.jwks_uri === undefined), {
    error: 'needs one of jwks and jwks_uri',
  })
  .meta({ id: 'ProviderRequest' });
export type ProviderRequest = z.infer<typeof ProviderRequest>;

export const ProviderRequestStatus = z
  .object({
    request_id: z.string(),
    domain: Domain,
    state: ProviderState,
    integrator: z.int().positive().optional().describe('The number in its user refs, once agreed.'),
    requested_ms: Millis,
    due_ms: Millis.describe('Three months after it was requested: until then there is an answer.'),
    note: z.string().optional().describe('What is needed, or why.'),
  })
  .meta({ id: 'ProviderRequestStatus' });
export type ProviderRequestStatus = z.infer<typeof ProviderRequestStatus>;

export const ProviderListing = z
  .object({
    domain: Domain,
    name: z.string(),
    state: ProviderState,
    since_ms: Millis,
    media_domains: z
      .array(Domain)
      .optional()
      .describe('Where files of its users are fetched from, as agreed.'),
  })
  .meta({ id: 'ProviderListing' });

export const ProviderList = z
  .object({ providers: z.array(ProviderListing) })
  .describe('Who can be reached, for pickers.')
  .meta({ id: 'ProviderList' });

export const ReferenceOffer = z
  .object({
    version: z.int().positive(),
    published: z.string(),
    gatekeeper: Domain,
    levels: z.array(z.string()),
    suites: z.array(Suite),
    due_months: z.int().positive(),
    price: z.string(),
    conditions: z.array(z.string()),
    apply: z.string().describe('Where a provider request is sent.'),
  })
  .meta({ id: 'ReferenceOffer' });
export type ReferenceOffer = z.infer<typeof ReferenceOffer>;
