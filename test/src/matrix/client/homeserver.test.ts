import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { MatrixClient } from '../../../../src/matrix/client/matrix-client.ts';
import type { NewRoom, SendRequest } from '../../../../src/ports/matrix.ts';
import { MatrixError } from '../../../../src/ports/matrix.ts';
import {
  AS_TOKEN,
  BOT,
  clientOf,
  GHOST,
  type Reply,
  scripted,
  turnedClock,
  until,
} from './scripted-homeserver.ts';

const hello: SendRequest = {
  roomId: '!room:example.org',
  as: GHOST,
  content: { kind: 'message', body: { text: 'hello' } },
  txnId: 'txn-1',
  mark: { marker: 'm1' },
};

const newRoom: NewRoom = {
  aliasLocalpart: 'x',
  as: BOT,
  invite: [],
  isDirect: false,
  isPublic: true,
};

const failure = (promise: Promise<unknown>): Promise<MatrixError> =>
  promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => {
      if (error instanceof MatrixError) return error;
      throw error;
    },
  );

const limited = (reply: Reply, header: string | undefined, bodyMs?: number) =>
  reply.json(
    429,
    { errcode: 'M_LIMIT_EXCEEDED', ...(bodyMs === undefined ? {} : { retry_after_ms: bodyMs }) },
    header === undefined ? {} : { 'retry-after': header },
  );

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

describe('a limit', () => {
  it.each([
    ['the header', '2', undefined, 2000],
    ['the body', undefined, 3000, 3000],
    ['the longer of both: the header', '5', 3000, 5000],
    ['the longer of both: the body', '2', 3000, 3000],
    ['one second where neither says', undefined, undefined, 1000],
  ])(
    'is waited out as long as %s says, with the same transaction id',
    async (_, header, bodyMs, expectedMs) => {
      const { clock, delays, turn } = turnedClock();
      let isLimited = true;
      const { client, asked, logged } = await scripted(
        (_asked, reply) =>
          isLimited ? limited(reply, header, bodyMs) : reply.json(200, { event_id: '$1' }),
        { clock },
      );
      const sent = client.send(hello);
      await until(() => expect(logged).toHaveLength(1));
      expect(delays()[0]).toBeGreaterThanOrEqual(expectedMs);
      expect(delays()[0]).toBeLessThanOrEqual(expectedMs * 1.1);

      isLimited = false;
      turn(expectedMs * 1.1);
      expect(await sent).toBe('$1');
      expect(asked).toHaveLength(2);
      expect(asked[1]).toEqual(asked[0]);
    },
  );

  it('that would hold a message for more than a minute is told to the caller', async () => {
    const { client, asked } = await scripted((_, reply) => limited(reply, '90'));
    const error = await failure(client.send(hello));

    expect(error).toMatchObject({ kind: 'away', status: 429, retryAfterMs: 90_000 });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['come', (client: MatrixClient) => client.join('!room:example.org', GHOST)],
    ['go', (client: MatrixClient) => client.leave('!room:example.org', GHOST)],
    ['look', (client: MatrixClient) => client.setProfile(GHOST, { name: 'Ghost' })],
  ])('on how ghosts %s is told to the caller, who has other things to do', async (_, act) => {
    const { client, asked } = await scripted((_asked, reply) => limited(reply, '3'));
    const error = await failure(act(client));

    expect(error).toMatchObject({ kind: 'away', status: 429, retryAfterMs: 3_000 });
    expect(asked).toHaveLength(1);
  });

  it('on new rooms holds up no message', async () => {
    const { clock, delays, turn } = turnedClock();
    let isLimited = true;
    const { client } = await scripted(
      ({ path }, reply) => {
        if (path.endsWith('/createRoom') && isLimited) limited(reply, '333');
        else reply.json(200, { event_id: '$1', room_id: '!new' });
      },
      { clock },
    );
    const rooms = Array.from({ length: 100 }, (_, n) =>
      client.createRoom({ ...newRoom, aliasLocalpart: `room${n}` }),
    );
    await until(() => expect(delays().filter((ms) => ms >= 333_000)).toHaveLength(100));
    expect(await client.send(hello)).toBe('$1');
    await client.join('!room:example.org', GHOST);

    isLimited = false;
    turn(400_000);
    await Promise.all(rooms);
  });

  it('of more than ten seconds is something the operator gets to know', async () => {
    const { clock, delays, turn } = turnedClock();
    let answers = 0;
    const { client, logged } = await scripted(
      (_, reply) =>
        ++answers <= 2
          ? limited(reply, answers === 1 ? '1' : '20')
          : reply.json(200, { room_id: '!new' }),
      { clock },
    );
    const created = client.createRoom(newRoom);
    for (const count of [1, 2]) {
      await until(() => expect(logged).toHaveLength(count));
      turn(Math.max(...delays()));
    }
    await created;
    expect(logged.map((entry) => JSON.parse(entry)[0])).toEqual(['debug', 'warn']);
  });

  it('is waited out for a request that is never repeated otherwise', async () => {
    const { clock, turn } = turnedClock();
    let isLimited = true;
    const { client, logged } = await scripted(
      (_, reply) => (isLimited ? limited(reply, '58') : reply.json(200, { room_id: '!new' })),
      { clock },
    );
    const created = client.createRoom(newRoom);
    await until(() => expect(logged).toHaveLength(1));
    isLimited = false;
    turn(70_000);
    expect(await created).toBe('!new');
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
    const { client } = clientOf(`http://127.0.0.1:${await unusedPort()}`);
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

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
