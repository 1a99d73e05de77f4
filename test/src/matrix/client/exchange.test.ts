import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exchange } from '../../../../src/matrix/client/exchange.ts';
import { fakeClock } from '../../../../src/testing/fake-clock.ts';

describe('exchange', () => {
  async function served(answer: RequestListener) {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 1 });
    onTestFinished(async () => {
      await pool.destroy();
      server.closeAllConnections();
      server.close();
    });
    const clock = fakeClock();
    const ask = (path: string, timeoutMs = 1_000) =>
      exchange(pool, { method: 'GET', path }, { clock, timeoutMs, maxBytes: 10 });
    return { ask, clock };
  }

  it('gives the whole of an answer that comes in pieces', async () => {
    const { ask } = await served((_, response) => {
      response.writeHead(201, { 'x-by': 'us' }).write('one ');
      setImmediate(() => response.end('two'));
    });
    const { status, headers, bytes } = await ask('/');
    expect([status, headers['x-by'], bytes?.toString()]).toEqual([201, 'us', 'one two']);
  });

  it('reads no more of an answer than is allowed', async () => {
    const closed: Promise<unknown>[] = [];
    const { ask } = await served((_, response) => {
      closed.push(once(response, 'close'));
      response.write('more than ten bytes, and no end');
    });
    expect(await ask('/')).toMatchObject({ status: 200, bytes: undefined });
    await Promise.all(closed);
  });

  it('never sends what was late before it had a connection', async () => {
    const asked: string[] = [];
    const { ask, clock } = await served(({ url = '' }, response) => {
      asked.push(url);
      if (url === '/last') response.end();
    });
    const first = ask('/first', 2_000);
    const isLate = expect(first).rejects.toMatchObject({ code: 'timeout' });
    await vi.waitFor(() => expect(asked).toEqual(['/first']));
    const isLateUnsent = expect(ask('/late')).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(1_000);
    await isLateUnsent;
    await clock.advance(1_000);
    await isLate;
    await ask('/last');
    expect(asked).toEqual(['/first', '/last']);
  });
});
