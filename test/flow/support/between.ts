import { once } from 'node:events';
import { createServer, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  /** Decoded, with the query. */
  readonly path: string;
}

/** An error of the homeserver, or no answer at all. */
export type Fault = { readonly status: number; readonly errcode: string } | 'cut';

type Interfering = (asked: Asked) => Fault | undefined | Promise<Fault | undefined>;

/** Stands between the bridge and the homeserver, and can answer in the homeserver's place. */
export interface Between {
  readonly url: string;
  /** All that the bridge has asked so far, in order. */
  readonly asked: readonly Asked[];
  /** From now on. `undefined`: the homeserver itself answers. */
  interfere(fault: Interfering): void;
  mend(): void;
  /** Ends every connection to the bridge, as a homeserver that is killed. */
  hangUp(): void;
  close(): Promise<void>;
}

export async function startBetween(homeserverPort: number): Promise<Between> {
  const asked: Asked[] = [];
  let interfering: Interfering = () => undefined;
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const entry = { method, path: decodeURIComponent(url) };
    asked.push(entry);
    const fault = await interfering(entry);
    if (fault !== undefined) return answer(response, fault);
    const onward = send({ port: homeserverPort, host: '127.0.0.1', method, path: url, headers });
    onward.on('response', (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    interfere(fault) {
      interfering = fault;
    },
    mend() {
      interfering = () => undefined;
    },
    hangUp: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, fault: Fault): void {
  if (fault === 'cut') {
    response.destroy();
    return;
  }
  response.writeHead(fault.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errcode: fault.errcode, error: 'As was asked for' }));
}
