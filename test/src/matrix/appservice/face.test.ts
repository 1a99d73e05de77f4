import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { appserviceFace } from '../../../../src/matrix/appservice/face.ts';
import type { AppserviceHandler } from '../../../../src/ports/appservice.ts';
import { systemClock } from '../../../../src/util/system-clock.ts';
import { gate, HS_TOKEN, start } from './started-face.ts';

describe('transactions', () => {
  it('hands over the events as they came, in their order', async () => {
    const { put, transactions } = await start();
    const events = [{ event_id: '$2', content: { n: 1 } }, { event_id: '$1' }, 'no event'];
    const answer = await put(JSON.stringify({ events }));

    expect(answer).toMatchObject({ status: 200, json: {} });
    expect(transactions).toEqual([{ events, ephemeral: [] }]);
  });

  it('takes one without events, whatever else is in it', async () => {
    const { put, kept } = await start();
    const counts = { '@_db_a:example.org': { DEVICE: { signed_curve25519: 49 } } };
    const body = { events: [], device_one_time_keys_count: counts, device_lists: { changed: [] } };
    expect(await put(JSON.stringify(body))).toMatchObject({ status: 200, json: {} });
    expect(kept).toEqual([]);
  });

  it('tells of one that was passed over before the next is handed over', async () => {
    const { put, passedOver } = await start();
    for (const id of ['7', '8', '8', '10', '9', '10']) await put('{"events":[]}', id);
    expect(passedOver).toEqual([3]);
  });

  it('makes nothing of ids that begin again, or are no numbers', async () => {
    const { put, passedOver } = await start();
    for (const id of ['7', '1', '2', 'a', 'c', '3']) await put('{"events":[]}', id);
    expect(passedOver).toEqual([]);
  });

  it('answers only once the handler is done', async () => {
    const { open, opened } = gate();
    const { put, call } = await start({ transaction: () => opened });
    let answered = false;
    const answer = put('{"events":[]}').finally(() => {
      answered = true;
    });
    // Another request has come and gone on the same server: an early answer would be here by now.
    await call('GET', '/health');
    expect(answered).toBe(false);

    open();
    expect((await answer).status).toBe(200);
  });

  it('leaves the transaction with the homeserver when the handler fails, and says so in the log', async () => {
    let isBroken = true;
    const { put, logged } = await start({
      async transaction() {
        if (isBroken) throw new Error('disk full');
      },
    });
    const failed = await put('{"events":[]}');
    expect(failed).toMatchObject({ status: 500, json: { errcode: 'M_UNKNOWN' } });
    expect(JSON.stringify(failed.json)).not.toContain('disk');
    expect(logged.join()).toContain('disk full');

    isBroken = false;
    expect((await put('{"events":[]}')).status).toBe(200);
  });

  it('joins a copy that arrives while the first is being written', async () => {
    const { open, opened } = gate();
    let runs = 0;
    const { put, call } = await start({
      transaction() {
        runs++;
        return opened;
      },
    });
    const answers = [put('{"events":[1]}', '7'), put('{"events":[1]}', '7')];
    await vi.waitFor(() => expect(runs).toBe(1));
    await call('GET', '/health');
    open();

    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
    expect(runs).toBe(1);
  });

  it('hands over each copy that comes later, and another body under the same id', async () => {
    const { put, transactions } = await start();
    for (const body of ['{"events":[1]}', '{"events":[1]}', '{"events":[1,2]}'])
      await put(body, '7');

    expect(transactions.map(({ events }) => events)).toEqual([[1], [1], [1, 2]]);
  });

  it('runs different bodies under one id side by side', async () => {
    const { open, opened } = gate();
    const seen: unknown[] = [];
    const { put } = await start({
      transaction(events) {
        seen.push(events);
        return opened;
      },
    });
    const answers = [put('{"events":[1]}', '7'), put('{"events":[1,2]}', '7')];
    await vi.waitFor(() => expect(seen).toHaveLength(2));
    open();
    await Promise.all(answers);
  });

  it.each([
    ['the stable list', { ephemeral: [1] }, [1]],
    ['the older list', { 'de.sorunome.msc2409.ephemeral': [2] }, [2]],
    [
      'only the stable one of both',
      { ephemeral: [1], 'de.sorunome.msc2409.ephemeral': [2, 3] },
      [1],
    ],
    ['none where it is no list', { ephemeral: 'x' }, []],
  ])('reads %s of ephemeral events', async (_, lists, expected) => {
    const { put, transactions } = await start();
    await put(JSON.stringify({ events: [], ...lists }));

    expect(transactions[0]?.ephemeral).toEqual(expected);
  });

  it.each([
    ['no JSON', '{"events":[', 'not JSON'],
    ['an empty body', '', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['null', 'null', 'not a JSON object'],
    ['events that are no list', '{"events":{}}', '"events" is not a list'],
    ['no events', '{}', '"events" is not a list'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
  ])('keeps %s aside as it came, and answers 200', async (_, body, reason) => {
    const { put, kept, transactions, logged } = await start();
    expect(await put(body)).toMatchObject({ status: 200, json: {} });

    expect(kept).toEqual([
      { text: Buffer.from(body).toString('latin1'), sizeBytes: body.length, reason },
    ]);
    expect(transactions).toEqual([]);
    expect(logged.join()).toContain('kept aside');
  });

  it('leaves what is unreadable with the homeserver when it cannot be kept', async () => {
    const { put } = await start({ unreadable: () => Promise.reject(new Error('disk full')) });
    expect((await put('nonsense')).status).toBe(500);
  });

  it('takes a body of 20 MB', async () => {
    const { put, transactions } = await start();
    const events = Array.from({ length: 300 }, (_, n) => ({ n, text: 'x'.repeat(65_000) }));
    expect((await put(JSON.stringify({ events }))).status).toBe(200);

    expect(transactions[0]?.events).toHaveLength(300);
  });

  it('keeps only the beginning of a body over 32 MiB, and answers 200', async () => {
    const { put, kept, transactions } = await start();
    const body = `{"events":["${'x'.repeat(33 * 1024 * 1024)}"]}`;
    expect((await put(body)).status).toBe(200);

    expect(kept).toEqual([
      { text: body.slice(0, 256 * 1024), sizeBytes: 256 * 1024, reason: expect.any(String) },
    ]);
    expect(kept[0]?.reason).toContain('larger');
    expect(transactions).toEqual([]);
  });

  it('hands over an event that is nested too deeply without its innermost part, and the others whole', async () => {
    const { put, transactions } = await start();
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    await put(`{"events":[{"event_id":"$1","content":${deep}},{"event_id":"$2"}]}`);

    const [first, second] = transactions[0]?.events ?? [];
    expect(first).toMatchObject({ event_id: '$1' });
    expect(() => JSON.stringify(first)).not.toThrow();
    expect(second).toEqual({ event_id: '$2' });
  });

  it('keeps a body aside that is nested deeper than any event can be', async () => {
    const { put, kept } = await start();
    expect((await put('['.repeat(1_000_000))).status).toBe(200);

    expect(kept[0]?.reason).toContain('deep');
  });

  it('hands over nothing of a body that was cut off', async () => {
    const { port, call, transactions, kept } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `PUT /_matrix/app/v1/transactions/1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${HS_TOKEN}\r\n` +
        'Content-Length: 100\r\n\r\n{"events":[]}',
    );
    await call('GET', '/health');
    socket.destroy();
    await once(socket, 'close');
    await call('GET', '/health');

    expect({ transactions, kept }).toEqual({ transactions: [], kept: [] });
  });
});

describe('the homeserver token', () => {
  const path = '/_matrix/app/v1/transactions/1';
  const body = '{"events":[]}';

  it('is refused when it is wrong, and asked for when it is missing', async () => {
    const { call, transactions } = await start();
    const wrong = await call('PUT', path, { body, token: 'guess' });
    const missing = await call('PUT', path, { body, token: '' });

    expect(wrong).toMatchObject({ status: 403, json: { errcode: 'M_FORBIDDEN' } });
    expect(missing).toMatchObject({ status: 401, json: { errcode: 'M_MISSING_TOKEN' } });
    expect(transactions).toEqual([]);
  });

  it('is taken from the query only where there is no header', async () => {
    const { call } = await start();
    const inQuery = (token: string) => `${path}?access_token=${token}`;

    expect((await call('PUT', inQuery(HS_TOKEN), { body, token: '' })).status).toBe(200);
    expect((await call('PUT', inQuery('guess'), { body, token: '' })).status).toBe(403);
    expect((await call('PUT', inQuery('guess'), { body })).status).toBe(200);
    expect((await call('PUT', inQuery(HS_TOKEN), { body, token: 'guess' })).status).toBe(403);
  });

  it('is nowhere in the log, right or wrong', async () => {
    const { call, logged } = await start({
      transaction: () => Promise.reject(new Error('disk full')),
    });
    await call('PUT', `${path}?access_token=a-guess`, { body, token: '' });
    await call('PUT', `${path}?access_token=${HS_TOKEN}`, { body, token: '' });

    expect(logged).toHaveLength(2);
    expect(logged.join()).not.toMatch(/a-guess|the-homeserver-token/);
  });

  it('slows down whoever keeps guessing, but never the homeserver', async () => {
    const { call, logged, clock } = await start();
    const guess = () => call('PUT', path, { body, token: 'guess' });
    for (let n = 0; n < 20; n++) expect((await guess()).status).toBe(403);
    const limited = await guess();

    expect(limited).toMatchObject({ status: 429, json: { errcode: 'M_LIMIT_EXCEEDED' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(logged).toHaveLength(20);
    expect((await call('PUT', path, { body })).status).toBe(200);
    await clock.advance(1_000);
    expect((await guess()).status).toBe(403);
  });

  it('is needed everywhere but for the health', async () => {
    const { call } = await start();
    const paths = ['users/a', 'rooms/a', 'thirdparty/user', 'thirdparty/protocol/chat'];
    for (const each of paths)
      expect((await call('GET', `/_matrix/app/v1/${each}`, { token: '' })).status).toBe(401);
    expect((await call('POST', '/_matrix/app/v1/ping', { token: '' })).status).toBe(401);
    expect(await call('GET', '/health', { token: '' })).toMatchObject({
      status: 200,
      json: { ok: true },
    });
  });
});

describe('health', () => {
  it('is 503 with a reason while nothing can be taken', async () => {
    const { call } = await start({ canTake: () => false });
    expect(await call('GET', '/health', { token: '' })).toMatchObject({
      status: 503,
      json: { ok: false, reason: 'The database cannot be written: the log says why' },
    });
  });
});

describe('appserviceFace', () => {
  it('says why it cannot listen', async () => {
    const { port } = await start();
    const face = appserviceFace({ hsToken: 'x', handler: {} as AppserviceHandler, log: () => {} });
    onTestFinished(() => face.close());

    await expect(face.listen({ host: '127.0.0.1', port })).rejects.toThrow(/EADDRINUSE/);
  });

  it('keeps a connection open for longer than Synapse does', async () => {
    const { port } = await start();
    const request = httpRequest({ port, host: '127.0.0.1', path: '/health', agent: false });
    request.setHeader('connection', 'keep-alive');
    request.end();
    const [response] = await once(request, 'response');
    response.resume();

    const seconds = /timeout=(\d+)/.exec(response.headers['keep-alive'] ?? '')?.[1];
    expect(Number(seconds)).toBeGreaterThanOrEqual(125);
    request.destroy();
  });

  it('closes only once what runs has been answered, and takes nothing new', async () => {
    const { open, opened } = gate();
    let runs = 0;
    const { put, face, port } = await start({
      transaction() {
        runs++;
        return opened;
      },
    });
    const answer = put('{"events":[]}');
    await vi.waitFor(() => expect(runs).toBe(1));
    let isClosed = false;
    const closed = face.close().then(() => {
      isClosed = true;
    });
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
    expect(isClosed).toBe(false);

    open();
    expect((await answer).headers.get('connection')).toBe('close');
    await closed;
  });

  it('waits for no connection on which nothing was ever asked, such as a browser opens ahead', async () => {
    const { face, port } = await start();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    const startedMs = systemClock.now();
    await Promise.all([face.close(), closed]);
    expect(systemClock.now() - startedMs).toBeLessThan(5_000);
  });

  it('closes at once when nothing runs, twice as well', async () => {
    const { face, call } = await start();
    await call('GET', '/health');
    await face.close();
    await face.close();
  });
});
