import { describe, expect, it } from 'vitest';
import { freePort } from '../../../live/support/free-port.ts';
import { failure, hello, limited } from './requests.ts';
import {
  AS_TOKEN,
  clientOf,
  GHOST,
  type Reply,
  scripted,
  turnedClock,
  until,
} from './scripted-homeserver.ts';

describe('a request', () => {
  it('carries the token in the header only, and says as whom it acts', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { event_id: '$1' }));
    await client.send(hello);

    expect(asked[0]).toMatchObject({
      authorization: `Bearer ${AS_TOKEN}`,
      query: { user_id: GHOST },
      contentType: 'application/json',
    });
  });

  it('keeps ids one segment of the path each, whatever is in them', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { event_id: '$1' }));
    await client.send({ ...hello, roomId: '!a/../b?c#d', txnId: 't/1' });

    expect(asked[0]?.path).toBe(
      '/_matrix/client/v3/rooms/!a%2F..%2Fb%3Fc%23d/send/m.room.message/t%2F1',
    );
  });

  it('is not sent with an id that is a step in a path', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { event_id: '$1' }));
    expect((await failure(client.send({ ...hello, txnId: '..' }))).kind).toBe('refused');
    expect(asked).toEqual([]);
  });

  it('goes below the path of the url', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { versions: [] }), {
      path: '/hs/',
    });
    await client.versions();
    expect(asked[0]?.path).toBe('/hs/_matrix/client/versions');
  });

  it('for what everybody may know is sent without the token', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.json(200, { versions: ['v1.11', 3] }),
    );
    expect(await client.versions()).toEqual({ versions: ['v1.11'] });
    expect(asked[0]?.authorization).toBeUndefined();
  });
});

describe('a homeserver that is slow', () => {
  it('with joins holds up no message', async () => {
    const { clock, turn } = turnedClock();
    const { client, asked } = await scripted(
      ({ path }, reply) => {
        if (!path.endsWith('/join')) reply.json(200, { event_id: '$1' });
      },
      { clock },
    );
    const joins = Array.from({ length: 150 }, () => failure(client.join('!large', GHOST)));
    await until(() => expect(asked.length).toBeGreaterThan(10));

    expect(await client.send(hello)).toBe('$1');
    const closed = client.close();
    turn(5000);
    await closed;
    expect(new Set((await Promise.all(joins)).map(({ kind }) => kind))).toEqual(
      new Set(['ambiguous', 'away']),
    );
  });
});

describe('a failure', () => {
  it.each<[string, (reply: Reply) => void]>([
    ['a cut connection', (reply) => reply.cut()],
    ['half an answer', (reply) => reply.cutInside()],
    ['a 500', (reply) => reply.json(500, { errcode: 'M_UNKNOWN' })],
    ['a 502 of a proxy', (reply) => reply.text(502, '<html>')],
    ['a 200 that is no JSON', (reply) => reply.text(200, '<html>')],
    ['a 200 without an event id', (reply) => reply.json(200, {})],
  ])('of a message by %s is ambiguous, and is not repeated here', async (_, fail) => {
    const { client, asked } = await scripted((_asked, reply) => fail(reply));
    const error = await failure(client.send(hello));

    expect(error.kind).toBe('ambiguous');
    expect(error.endpoint).toBe('PUT /rooms/{}/send/{}/{}');
    expect(asked).toHaveLength(1);
  });

  it('to answer in time is ambiguous', async () => {
    const { clock, delays, turn } = turnedClock();
    const { client, asked } = await scripted(() => {}, { clock });
    const failed = failure(client.send(hello));
    await until(() => expect(asked).toHaveLength(1));
    turn(Math.max(...delays()));

    expect((await failed).kind).toBe('ambiguous');
  });

  it('to end an answer in time is ambiguous', async () => {
    const { clock, delays, turn } = turnedClock();
    let isBegun = false;
    const { client } = await scripted(
      (_, reply) => {
        reply.raw.writeHead(200, { 'content-type': 'application/json' });
        reply.raw.write('{', () => {
          isBegun = true;
        });
      },
      { clock },
    );
    const failed = failure(client.send(hello));
    await until(() => expect(isBegun).toBe(true));
    turn(Math.max(...delays()));

    expect((await failed).kind).toBe('ambiguous');
  });

  it('to connect means away', async () => {
    const { client } = clientOf(`http://127.0.0.1:${await freePort()}`);
    expect(await failure(client.send(hello))).toMatchObject({ kind: 'away', status: undefined });
  });

  it('to find the name means away', async () => {
    const { client } = clientOf('http://no-such-host.invalid');
    expect((await failure(client.send(hello))).kind).toBe('away');
  });

  it.each([
    [403, { errcode: 'M_FORBIDDEN', error: 'You are not in the room' }, 'refused'],
    [404, { errcode: 'M_UNRECOGNIZED' }, 'refused'],
    [413, { errcode: 'M_TOO_LARGE' }, 'refused'],
    [401, { errcode: 'M_UNKNOWN_TOKEN' }, 'token'],
    [403, { errcode: 'M_UNKNOWN_TOKEN' }, 'token'],
    [401, { errcode: 'M_USER_LOCKED' }, 'refused'],
    [408, {}, 'ambiguous'],
    [503, { errcode: 'M_UNKNOWN' }, 'ambiguous'],
  ])('with %d %j is %s', async (status, body, kind) => {
    const { client, asked } = await scripted((_, reply) => reply.json(status, body));
    const error = await failure(client.send(hello));

    expect(error).toMatchObject({ kind, status });
    expect(error.errcode).toBe('errcode' in body ? body.errcode : undefined);
    expect(asked).toHaveLength(1);
  });

  it('by a redirect is refused, and the redirect not followed', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.text(302, '', { location: '/elsewhere' }),
    );
    const error = await failure(client.send(hello));

    expect(error).toMatchObject({ kind: 'refused', status: 302 });
    expect(error.message).toContain('redirect');
    expect(asked).toHaveLength(1);
  });

  it('never shows the token or an id, in the error or in the log', async () => {
    let isFirst = true;
    const { client, logged, asked } = await scripted((_, reply) => {
      if (isFirst) reply.cut();
      else reply.json(401, { errcode: 'M_UNKNOWN_TOKEN' });
      isFirst = false;
    });
    const error = await failure(client.join('!secret:example.org', GHOST));

    expect(error).toMatchObject({ kind: 'token', endpoint: 'POST /rooms/{}/join' });
    expect(asked).toHaveLength(2);
    expect(logged.length).toBeGreaterThan(0);
    const shown = `${logged} ${error.stack} ${JSON.stringify(error)}`;
    expect(shown).not.toContain(AS_TOKEN);
    expect(shown).not.toContain('secret');
  });
});

describe('an idempotent request', () => {
  it.each<[string, (reply: Reply) => void]>([
    ['a cut connection', (reply) => reply.cut()],
    ['half an answer', (reply) => reply.cutInside()],
    ['a 502', (reply) => reply.text(502, '<html>')],
  ])('is tried again after %s', async (_, fail) => {
    let failures = 2;
    const { client, asked } = await scripted((_asked, reply) =>
      failures-- > 0 ? fail(reply) : reply.json(200, {}),
    );
    await client.join('!room:example.org', GHOST);
    expect(asked).toHaveLength(3);
  });

  it('gives up after a few attempts, each later than the one before', async () => {
    const { clock, delays, turn } = turnedClock();
    const { client, asked, logged } = await scripted((_, reply) => reply.json(503, {}), {
      clock,
    });
    const failed = failure(client.join('!room:example.org', GHOST));
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      await until(() => expect(logged).toHaveLength(attempt));
      const [waitMs = 0] = delays();
      waits.push(waitMs);
      turn(waitMs);
    }
    expect(await failed).toMatchObject({ kind: 'ambiguous', status: 503 });
    expect(asked.length).toBeLessThanOrEqual(6);
    expect(waits.reduce((a, b) => a + b)).toBeLessThanOrEqual(12_000);
    expect(waits.at(-1)).toBeGreaterThan(waits[0] ?? 0);
  });

  it('is not tried again after a refusal', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.json(403, { errcode: 'M_FORBIDDEN' }),
    );
    expect((await failure(client.join('!room:example.org', GHOST))).kind).toBe('refused');
    expect(asked).toHaveLength(1);
  });
});

describe('stopping', () => {
  it('ends the wait for a limit, and the message with it', async () => {
    const { clock } = turnedClock();
    const stopping = new AbortController();
    const options = { clock, signal: stopping.signal };
    const { client, logged } = await scripted((_, reply) => limited(reply, '30'), options);
    const failed = failure(client.send(hello));
    await until(() => expect(logged).toHaveLength(1));
    stopping.abort();
    expect(await failed).toMatchObject({ status: 429, retryAfterMs: 30_000 });
  });

  it('lets everything be asked still, but each once only', async () => {
    const { clock } = turnedClock();
    const answers = [
      (reply: Reply) => reply.json(200, { event_id: '$1' }),
      (reply: Reply) => limited(reply, '30'),
      (reply: Reply) => reply.json(502, {}),
    ];
    const { client } = await scripted((_, reply) => answers.shift()?.(reply), {
      clock,
      signal: AbortSignal.abort(),
    });
    expect(await client.send(hello)).toBe('$1');
    expect((await failure(client.send(hello))).status).toBe(429);
    expect((await failure(client.whoami())).status).toBe(502);
  });
});

describe('close', () => {
  it('gives up what waits, and refuses what comes after', async () => {
    const { clock } = turnedClock();
    const { client, logged } = await scripted((_, reply) => limited(reply, '30'), { clock });
    const failed = failure(client.send(hello));
    await until(() => expect(logged).toHaveLength(1));
    await client.close();

    expect((await failed).kind).toBe('away');
    expect((await failure(client.send(hello))).kind).toBe('away');
  });

  it('lets what runs end', async () => {
    let answer = () => {};
    const { client, asked } = await scripted((_, reply) => {
      answer = () => reply.json(200, { event_id: '$1' });
    });
    const sent = client.send(hello);
    await until(() => expect(asked).toHaveLength(1));
    const closed = client.close();
    answer();

    expect(await sent).toBe('$1');
    await closed;
  });

  it('cuts off what does not end', async () => {
    const { clock, delays, turn } = turnedClock();
    const { client, asked } = await scripted(() => {}, { clock });
    const failed = failure(client.send(hello));
    await until(() => expect(asked).toHaveLength(1));
    const closed = client.close();
    turn(Math.min(...delays()));

    expect((await failed).kind).toBe('ambiguous');
    await closed;
  });
});
