import { once } from 'node:events';
import { createServer } from 'node:http';
import { HS_TOKEN } from '../wiring.ts';

const TRANSACTIONS = '/_matrix/app/v1/transactions/';
const HEAD = { 'Content-Type': 'application/json', 'Content-Length': 2 };

/** Takes transactions, with nothing between them and the socket. */
export async function listen(
  port: number,
  take: (id: string, body: Buffer) => void,
): Promise<void> {
  const authorization = `Bearer ${HS_TOKEN}`;
  const server = createServer({ keepAliveTimeout: 120_000, noDelay: true }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const isTransaction = headers.authorization === authorization && url.startsWith(TRANSACTIONS);
      if (isTransaction) take(url.slice(TRANSACTIONS.length), Buffer.concat(chunks));
      response.writeHead(isTransaction ? 200 : 404, HEAD);
      response.end('{}');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
