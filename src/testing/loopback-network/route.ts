import type { z } from 'zod';
import type { LoopbackState } from './network.ts';
import { Problem } from './problem.ts';
import type { Actor } from './world.ts';

/** One request, checked: who asks, and for what. */
export interface Call<Body = unknown> {
  readonly state: LoopbackState;
  readonly actor: Actor;
  readonly token: string;
  readonly body: Body;
  readonly query: URLSearchParams;
  /** A part of the path, by the name it has in the route. */
  param(name: string): string;
  /** Aborts when whoever asks has gone. */
  readonly signal: AbortSignal;
}

export interface Route {
  readonly method: string;
  readonly path: readonly string[];
  readonly open: boolean;
  readonly shape: z.ZodType;
  readonly answer: (call: Call<never>) => unknown;
}

/** A route for somebody with a token. The body given to `answer` has passed `shape`. */
export function route<Shape extends z.ZodType>(
  at: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`,
  shape: Shape,
  answer: (call: Call<z.output<Shape>>) => unknown,
): Route {
  const [method = '', path = ''] = at.split(' ');
  return { method, path: path.split('/'), open: false, shape, answer };
}

/** The same for anybody, without a token. */
export const openRoute: typeof route = (at, shape, answer) => ({
  ...route(at, shape, answer),
  open: true,
});

/** The bot that asks. @throws {Problem} 403 for anybody else. */
export function botOf({ actor }: Pick<Call, 'actor'>): string {
  if (actor.account.kind !== 'bot') throw new Problem(403, 'bots_only', 'Only a bot may do this');
  return actor.account.id;
}

/** How an actor is written down. */
export const doneBy = ({ account, via, ref }: Actor) => ({
  sender: account.id,
  ...(via && { via }),
  ...(ref && { ref }),
});
