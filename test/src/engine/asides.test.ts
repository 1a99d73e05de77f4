import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../../src/adapter/errors.ts';
import { sayRetrying } from '../../../src/engine/asides.ts';
import type { Context } from '../../../src/engine/context.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import type { Retrying } from '../../../src/engine/portal-lane.ts';
import type { SendRequest } from '../../../src/ports/matrix.ts';

/** What the bot says in the room of a message that waits. */
async function saidOf(waiting: Partial<Retrying>, statusEvents: boolean) {
  const said: SendRequest['content'][] = [];
  const context = {
    statusEvents,
    keys: createKeys(new Uint8Array(1)),
    networks: [{ id: 'net', displayName: 'Net', command: '!net' }],
    storage: { portals: { byId: async () => ({ network: 'net' }) } },
    matrix: {
      bot: '@bot:b',
      send: async (request: SendRequest) => void said.push(request.content),
    },
  } as unknown as Context;
  const error = new BridgeError('logged_out', 'no token', { effect: 'none' });
  const one = { delivery: { id: 1, portal: 1 }, event: { id: '$e', roomId: '!r' }, error };
  await sayRetrying(context, { ...one, isFirst: true, ...waiting } as Retrying);
  return said;
}

const away = new BridgeError('unreachable', 'away', { effect: 'none' });

describe('sayRetrying', () => {
  it('tells people once that they are logged out, and of nothing else that they cannot mend', async () => {
    expect(await saidOf({}, false)).toMatchObject([{ kind: 'notice', replyTo: '$e' }]);
    expect(await saidOf({ isFirst: false }, false)).toEqual([]);
    expect(await saidOf({ error: away }, false)).toEqual([]);
  });

  it('shows clients of everything that it waits, where that is switched on', async () => {
    expect(await saidOf({ error: away, isFirst: false }, true)).toMatchObject([
      { kind: 'status', of: '$e', network: 'net', outcome: 'retrying' },
    ]);
  });
});
