import type { Context } from 'koa';
import type { AppserviceHandler } from '../../ports/matrix.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';

const under = (rest: string) => new RegExp(`^/_matrix/app/(?:v1|unstable)/thirdparty/${rest}$`);

/**
 * What the homeserver tells its clients about the networks behind this bridge.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#third-party-networks
 */
export function thirdParty(handler: Pick<AppserviceHandler, 'protocol'>): Route[] {
  return [
    {
      method: 'GET',
      path: under('protocol/([^/]+)'),
      handle(ctx, id) {
        const protocol = handler.protocol(id);
        if (!protocol) {
          refuse(ctx, 404, 'M_NOT_FOUND', 'This bridge has no such protocol');
          return;
        }
        ctx.body = {
          user_fields: [],
          location_fields: [],
          icon: '',
          field_types: {},
          instances: protocol.networks.map((network) => ({
            desc: network.displayName,
            network_id: network.id,
            fields: {},
          })),
        };
      },
    },
    // No fields are offered to search by, so that nothing can be found by them.
    { method: 'GET', path: under('user(?:/([^/]+))?'), handle: nothing },
    { method: 'GET', path: under('location(?:/([^/]+))?'), handle: nothing },
  ];
}

function nothing(ctx: Context): void {
  ctx.body = [];
}
