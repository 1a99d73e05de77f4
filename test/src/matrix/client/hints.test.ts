import { describe, expect, it } from 'vitest';
import { type Asked, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';

async function listening() {
  const asked: Asked[] = [];
  const { client } = await scripted((request, reply) => {
    asked.push(request);
    reply.json(200, {});
  });
  return { client, asked };
}

describe('typing', () => {
  it.each([
    [20_000.4, { typing: true, timeout: 20_000 }],
    [0, { typing: false }],
    [-1, { typing: false }],
  ])('for %d ms is %j', async (forMs, json) => {
    const { client, asked } = await listening();
    await client.typing(roomId, GHOST, forMs);
    expect(asked[0]).toMatchObject({ query: { user_id: GHOST }, json });
  });
});

describe('markRead', () => {
  it('says that a ghost has read an event, in every thread', async () => {
    const { client, asked } = await listening();
    await client.markRead(roomId, GHOST, '$a/b');
    expect(asked).toMatchObject([
      {
        method: 'POST',
        path: '/_matrix/client/v3/rooms/!room%3Aexample.org/receipt/m.read/%24a%2Fb',
        query: { user_id: GHOST },
        json: {},
      },
    ]);
  });
});
