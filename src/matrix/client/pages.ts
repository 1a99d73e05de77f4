import { list, text } from '../../util/fields.ts';
import type { Endpoint } from './endpoint.ts';
import type { Homeserver } from './homeserver.ts';
import type { Call } from './transport.ts';

/** Most who read want little. Whoever reads on wants much. */
const FIRST_PAGE = '100';
const PAGE = '500';

/** Events that come in pages, newest first, as long as whoever reads goes on. */
export async function* newestFirst(
  homeserver: Homeserver,
  endpoint: Endpoint,
  call: Pick<Call, 'ids' | 'as'>,
): AsyncIterable<unknown> {
  let from: string | undefined;
  for (;;) {
    const query = {
      dir: 'b',
      ...(from === undefined ? { limit: FIRST_PAGE } : { limit: PAGE, from }),
    };
    const page = await homeserver.request(endpoint, { ...call, query });
    yield* list(page, 'chunk');
    // The two endpoints that have pages differ in what they call the next one.
    const next = text(page, 'end') ?? text(page, 'next_batch');
    // None: the beginning. A homeserver that gives the same place for ever is at its end as well.
    if (next === undefined || next === from) return;
    from = next;
  }
}
