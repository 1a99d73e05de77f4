import { basePath, limits, type ReferenceOffer } from '#gia/schemas';
import { suites } from '../server/context.ts';

/** On which conditions this gatekeeper connects a provider. A new text is a new version. */
export const referenceOffer = (domain: string, origin: string): ReferenceOffer => ({
  version: 1,
  published: '2026-11-28',
  gatekeeper: domain,
  levels: ['L1'],
  suites: [...suites],
  due_months: limits.providerDueMonths,
  price: 'none',
  conditions: [
    'Your users are yours: each of them asked to be enlisted, and proved to you who they are.',
    'Bridges and bots say so in their device lists, with who operates them.',
    'Who is suspended here is not enlisted again under another id.',
    'You answer mail to your contacts within two working days.',
  ],
  apply: `${origin}${basePath}/provider-requests`,
});
