import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Pusher, transactionOf } from '../../../bench/null/pusher.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function pushTo(answer: RequestListener) {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const pusher = new Pusher((server.address() as AddressInfo).port, 1);
  ends.push(() => {
    pusher.close();
    server.closeAllConnections();
    server.close();
  });
  return pusher;
}

describe('Pusher', () => {
  it('pushes a transaction under the same id until it is taken', async () => {
    const paths: string[] = [];
    const pusher = await pushTo((request, response) => {
      paths.push(request.url ?? '');
      if (paths.length === 2) request.socket.destroy();
      else response.writeHead(paths.length < 3 ? 500 : 200).end('{}');
    });

    await pusher.push(transactionOf([{}]));
    await pusher.push(transactionOf([{}]));

    const path = '/_matrix/app/v1/transactions/';
    expect(paths).toEqual([`${path}1`, `${path}1`, `${path}1`, `${path}2`]);
  });

  it('puts what comes while one is under way into the next one', async () => {
    const sizes: number[] = [];
    const pusher = await pushTo((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        sizes.push(JSON.parse(body).events.length);
        response.end('{}');
      });
    });

    const first = pusher.enqueue({});
    await Promise.all([first, pusher.enqueue({}), pusher.enqueue({})]);
    await first;

    expect(sizes).toEqual([1, 2]);
  });
});
