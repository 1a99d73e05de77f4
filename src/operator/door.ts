import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Log } from '../ports/log.ts';
import { readBytes } from '../util/read-bytes.ts';
import { askBridge } from './ask.ts';

/** What is asked with is small. */
const MOST_BYTES = 64 * 1024;
/** A longer path of a socket is cut by the system. */
const LONGEST_PATH = 100;

/** What may be asked of a bridge that runs, by its name. Each takes JSON and gives JSON. */
export type Answers = Readonly<Record<string, (asked: unknown) => Promise<unknown>>>;

/** What was asked makes no sense: `message` says why to whoever asked. */
export class AskedWrongly extends Error {
  override readonly name = 'AskedWrongly';
}

export interface Door {
  /** Never rejects: a bridge whose operator cannot reach it bridges all the same, and says so. */
  open(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Where the commands of an operator reach the bridge that runs: a socket among its files, so that whoever
 * may read these may operate it, and nobody else.
 */
export function door(answers: Answers, log: Log): Door {
  let isClosed = false;
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const act = Object.entries(answers).find(([name]) => request.url === `/${name}`)?.[1];
    if (!act) return end(response, 404, { error: 'This bridge does not know that' });
    try {
      const { bytes } = await readBytes(request, MOST_BYTES, MOST_BYTES);
      const asked = JSON.parse(Buffer.from(bytes).toString() || '{}');
      end(response, 200, (await act(asked)) ?? {});
    } catch (error) {
      failed(response, error);
    }
  }

  function failed(response: ServerResponse, error: unknown): void {
    const isTheirs = error instanceof AskedWrongly || error instanceof SyntaxError;
    if (!isTheirs) log('error', 'An operator could not be answered', { error: String(error) });
    const message = error instanceof Error ? error.message : String(error);
    end(response, isTheirs ? 400 : 500, { error: message });
  }

  async function listen(path: string): Promise<void> {
    if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`its path is too long: ${path}`);
    if ((await askBridge(path, 'version').catch(() => ({}))) !== undefined)
      throw new Error('another bridge runs with this config');
    if (isClosed) return;
    await rm(path, { force: true });
    server.listen(path);
    await once(server, 'listening');
    await chmod(path, 0o600);
  }

  return {
    open: (path) =>
      listen(path).catch((error: unknown) =>
        log('warn', 'The commands of an operator cannot reach this bridge', {
          error: String(error),
        }),
      ),
    async close() {
      isClosed = true;
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function end(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(json));
}
