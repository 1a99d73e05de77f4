import { z } from 'zod';
import { number } from './messages.ts';
import { Fault, type Faults } from './misbehave.ts';
import { openRoute, type Route, route } from './route.ts';
import { shapes } from './shapes.ts';

const longestWaitMs = 60_000;

/**
 * What happens, as it happens; and the switches of the network itself. These need no account: only this
 * machine reaches it, no page of another origin can send them (see `readJson`), and it is for practice.
 */
export const eventRoutes = (faults: Faults): Route[] => [
  route('GET /events', shapes.nothing, async ({ state, actor, query, signal }) => {
    const after = number(query, 'after', state.end);
    const waitMs = Math.min(longestWaitMs, number(query, 'waitMs', 0));
    const until = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
    await state.news(after, actor, until);
    return state.page(actor, Math.max(0, after - faults.takeRepeat()));
  }),

  openRoute('POST /_misbehave', Fault, ({ body }) => {
    faults.add(body);
    return {};
  }),

  openRoute('DELETE /_misbehave', z.unknown(), () => {
    faults.clear();
    return {};
  }),

  openRoute('GET /_log', z.unknown(), ({ state }) => ({
    entries: state.entries().filter(({ type }) => !type.startsWith('token')),
  })),
];
