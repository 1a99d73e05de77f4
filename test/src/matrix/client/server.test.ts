import { describe, expect, it } from 'vitest';
import { byPath, written } from './rooms-on-script.ts';
import { scripted } from './scripted-homeserver.ts';

describe('whoami', () => {
  it('tells the appservice itself, as nobody else', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.json(200, { user_id: '@sender:example.org' }),
    );
    expect(await client.whoami()).toBe('@sender:example.org');
    expect(asked[0]?.query).toEqual({});
  });

  it('says when the token is not known', async () => {
    const { client } = await scripted((_, reply) =>
      reply.json(401, { errcode: 'M_UNKNOWN_TOKEN' }),
    );
    await expect(client.whoami()).rejects.toMatchObject({ kind: 'token' });
  });
});

describe('ping', () => {
  it('asks to be called, with a transaction id', async () => {
    const { client, asked } = await scripted(
      byPath({ 'POST /appservice/a|b/ping': [200, { duration_ms: 12 }] }),
    );
    expect(await client.ping('a|b', 't1')).toEqual({ durationMs: 12 });
    expect(written(asked)).toEqual([['POST /appservice/a|b/ping', { transaction_id: 't1' }]]);
  });

  it('is not repeated when the homeserver cannot reach us', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.json(502, { errcode: 'M_CONNECTION_FAILED' }),
    );
    await expect(client.ping('a', 't1')).rejects.toMatchObject({
      status: 502,
      errcode: 'M_CONNECTION_FAILED',
    });
    expect(asked).toHaveLength(1);
  });
});
