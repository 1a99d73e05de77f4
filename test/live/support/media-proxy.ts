import { once } from 'node:events';
import { request as ask } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { selfMade } from '../../../gatekeeper/tls/self-made.ts';

/** What an operator has before a bridge: TLS for a name, and `/at/` led on to it. Closed when the test ends. */
export async function startMediaProxy(name: string) {
  const { cert, key } = selfMade([name], Date.now());
  let onward = '';
  const server = createServer({ cert, key }, ({ url = '/', method, headers }, response) => {
    if (!url.startsWith('/at/')) return response.writeHead(403).end();
    const asked = ask(`${onward}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    return asked.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `https://${name}:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    leadsTo: (url: string) => {
      onward = url;
    },
  };
}
