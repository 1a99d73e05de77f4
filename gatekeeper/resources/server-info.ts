import { basePath, giaVersion, limits, openApi } from '#gia/schemas';
import { type Context, suites } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { referenceOffer } from './reference-offer.ts';

export function serverInfo({
  domain,
  origin,
}: Context): Handlers<'getServer' | 'getOpenApi' | 'getReferenceOffer'> {
  const document = openApi(origin);
  const info = {
    domain,
    origin,
    versions: [giaVersion],
    levels: ['L1' as const],
    suites: [...suites],
    limits: { ...limits },
    reference_offer: `${origin}${basePath}/reference-offer.json`,
    openapi: `${origin}${basePath}/openapi.json`,
  };
  return {
    getServer: () => ({ status: 200, body: info }),
    getOpenApi: () => ({ status: 200, body: document }),
    getReferenceOffer: () => ({ status: 200, body: referenceOffer(domain, origin) }),
  };
}
