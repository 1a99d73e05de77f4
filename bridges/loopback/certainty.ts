import { type Handler, remoteMessageId } from '#adapter';
import type { Certainty } from './config.ts';
import type { Stream } from './stream.ts';
import type { Ask, Me } from './wire.ts';

/** What is known after a doubt. Only one of these is true of a network: see its own manual. */
export function whetherItArrived(
  certainty: Certainty,
  ask: Ask,
  stream: Stream,
): Partial<Handler<'message'>> {
  const ways: Record<Certainty, Partial<Handler<'message'>>> = {
    'drops-repeats': { dropsRepeats: true },
    'look-up': {
      async lookup({ key }, signal) {
        const query = `GET /lookup?key=${encodeURIComponent(key)}`;
        const { id } = await ask<{ id?: string }>(query, signal);
        return id === undefined ? 'absent' : { ids: [remoteMessageId(id)] };
      },
    },
    echoes: {
      async lookup(_, signal) {
        const { end } = await ask<Me>('GET /me', signal);
        await stream.reached(end, signal);
        return 'absent';
      },
    },
    nothing: {},
  };
  return ways[certainty];
}
