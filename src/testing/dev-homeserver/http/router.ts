import { Fault } from '../fault.ts';
import type { Call } from './call.ts';

/** Answers a request: with an object, which becomes JSON, or with a `Reply`. @throws {Fault} */
export type Handler = (call: Call) => unknown;

export interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  readonly handler: Handler;
}

/** `/_matrix/client/v3` and its older name. */
const VERSIONS = ['r0', 'v3'];

/** Routes of the client-server API: `path` starts after its version. `:name` is one segment. */
export function client(method: string, path: string, handler: Handler): readonly Route[] {
  return VERSIONS.map((version) => exact(method, `/_matrix/client/${version}${path}`, handler));
}

/** A route with its whole path. */
export function exact(method: string, path: string, handler: Handler): Route {
  return { method, pattern: path.split('/').slice(1), handler };
}

export interface Match {
  readonly handler: Handler;
  readonly params: Map<string, string>;
}

/** Finds who answers a request. */
export class Router {
  readonly #byLength = new Map<number, Route[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const same = this.#byLength.get(route.pattern.length) ?? [];
      this.#byLength.set(route.pattern.length, [...same, route]);
    }
  }

  /** @throws {Fault} 404 for an unknown path, 405 for a known one with another method. */
  find(method: string, path: string): Match {
    const segments = path.split('/').slice(1);
    const here = (this.#byLength.get(segments.length) ?? []).filter((route) =>
      fits(route, segments),
    );
    const route = here.find((candidate) => candidate.method === method);
    if (route !== undefined) return { handler: route.handler, params: paramsOf(route, segments) };
    if (here.length > 0) throw new Fault(405, 'M_UNRECOGNIZED', 'Unrecognized request');
    throw new Fault(404, 'M_UNRECOGNIZED', 'Unrecognized request');
  }
}

const fits = ({ pattern }: Route, segments: readonly string[]) =>
  pattern.every((part, index) =>
    part.startsWith(':') ? segments[index] !== undefined : part === segments[index],
  );

function paramsOf({ pattern }: Route, segments: readonly string[]): Map<string, string> {
  const params = new Map<string, string>();
  for (const [index, part] of pattern.entries())
    if (part.startsWith(':')) params.set(part.slice(1), decode(segments[index] ?? ''));
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Fault(400, 'M_INVALID_PARAM', `'${segment}' in the path is not UTF-8`);
  }
}
