import type { AppserviceHandler } from '../../ports/appservice.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';

/**
 * The homeserver asks for a user or an alias that it does not know. Somebody waits meanwhile.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#querying
 */
export function queries(handler: Pick<AppserviceHandler, 'userExists' | 'aliasExists'>): Route[] {
  return [
    query(/^(?:\/_matrix\/app\/v1)?\/users\/([^/]+)$/, 'user', (id) => handler.userExists(id)),
    query(/^(?:\/_matrix\/app\/v1)?\/rooms\/([^/]+)$/, 'alias', (id) => handler.aliasExists(id)),
  ];
}

function query(path: RegExp, what: string, exists: (id: string) => Promise<boolean>): Route {
  return {
    method: 'GET',
    path,
    async handle(ctx, id) {
      if (await exists(id)) ctx.body = {};
      else refuse(ctx, 404, 'M_NOT_FOUND', `This bridge has no such ${what}`);
    },
  };
}
