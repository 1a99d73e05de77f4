import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '../ports/log.ts';
import { type ListenAt, listen } from '../util/listen.ts';
import { shared } from '../util/shared.ts';

export interface MetricsServer {
  /** @throws {Error} when it cannot. */
  listen(at: ListenAt): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

interface Serving {
  /** All metrics as text. */
  readonly read: () => Promise<string>;
  readonly contentType: string;
  readonly log: Log;
}

/** `GET /metrics`, and nothing else. However many ask at once, one answer is made at a time, for all of them. */
export function serve({ read, contentType, log }: Serving): MetricsServer {
  const readOnce = shared(read);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    if (path !== '/metrics') return end(response, 404, 'Ask for /metrics\n');
    if (request.method !== 'GET') return end(response, 405, 'Ask with GET\n');
    try {
      const text = await readOnce();
      response.setHeader('Content-Type', contentType);
      end(response, 200, text);
    } catch (error) {
      log('warn', 'The metrics could not be read', { error: String(error) });
      end(response, 503, 'The metrics could not be read: the log says why\n');
    }
  }

  const server = createServer((request, response) => void answer(request, response));
  return {
    listen: (at) => listen(server, at, 'metrics'),
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.end(text);
}
