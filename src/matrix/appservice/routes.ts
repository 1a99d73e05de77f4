import type { Context } from 'koa';
import { refuse } from './answer.ts';

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST';
  /** Matches the whole path, percent-encoded as it came. */
  readonly path: RegExp;
  /** Open to anybody. */
  readonly isPublic?: true;
  /** `part`: what the path's only group matched, decoded; empty where it has none. */
  handle(ctx: Context, part: string): Promise<void> | void;
}

/**
 * The route of a request. `undefined`: it has been answered.
 *
 * An unknown path is 404 and a wrong method 405, both `M_UNRECOGNIZED`: homeservers probe by it for
 * what an appservice can do.
 */
export function findRoute(
  routes: readonly Route[],
  ctx: Context,
): { route: Route; part: string } | undefined {
  const here = routes.filter((route) => route.path.test(ctx.path));
  // Whoever only wants to see what is there gets all but the body.
  const isMeant = ({ method, isPublic }: Route) =>
    method === ctx.method || (isPublic === true && method === 'GET' && ctx.method === 'HEAD');
  const route = here.find(isMeant);
  if (!route) {
    if (here.length === 0) refuse(ctx, 404, 'M_UNRECOGNIZED', 'There is no such endpoint');
    else {
      ctx.set('Allow', here.map((each) => each.method).join(', '));
      refuse(ctx, 405, 'M_UNRECOGNIZED', 'This endpoint has no such method');
    }
    return undefined;
  }
  const part = decoded(route.path.exec(ctx.path)?.[1] ?? '');
  if (part === undefined) {
    refuse(ctx, 400, 'M_INVALID_PARAM', 'The path is not percent-encoded UTF-8');
    return undefined;
  }
  return { route, part };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
