import { type Client, path } from '../src/testing/dev-homeserver/support/api.ts';
import type { StubAppservice } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { until } from './bench.ts';

// biome-ignore lint/suspicious/noExplicitAny: a clause reads whatever the homeserver says
export type SeenEvent = any;

/** All that somebody can see of a room, oldest first. */
export async function timeline(who: Client, room: string): Promise<readonly SeenEvent[]> {
  const query = { dir: 'b', limit: '1000' };
  const { body } = await who.get(path`/rooms/${room}/messages`, { query });
  return body.chunk.reverse();
}

export const idsOf = (events: readonly SeenEvent[]): readonly string[] =>
  events.map((event) => event.event_id);

export const lastEvent = async (who: Client, room: string): Promise<SeenEvent> =>
  (await timeline(who, room)).at(-1);

export const texts = (events: readonly SeenEvent[]): readonly string[] =>
  events.flatMap(({ content }) => (typeof content.body === 'string' ? [content.body] : []));

/** The event that an appservice was told of, once it was. */
export const pushed = (
  stub: StubAppservice,
  wanted: (event: SeenEvent) => boolean,
): Promise<SeenEvent> =>
  until(() => {
    const found = stub.transactions.flatMap(({ body }) => body.events).find(wanted);
    if (found === undefined) throw new Error('The appservice was not told of it');
    return found;
  });
