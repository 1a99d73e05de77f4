import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AS_TOKEN } from '../wiring.ts';
import { type CallKind, readCall } from './call.ts';
import { type Fault, type Faults, faultsBy } from './faults.ts';
import { type Answer, Rooms } from './rooms.ts';
import { Listener } from './talk.ts';

const LIMITED: Answer = {
  status: 429,
  json: '{"errcode":"M_LIMIT_EXCEEDED","error":"Too many","retry_after_ms":50}',
};
const BROKEN: Answer = { status: 502, json: '{"errcode":"M_UNKNOWN","error":"Broken"}' };
const STRANGER: Answer = { status: 401, json: '{"errcode":"M_UNKNOWN_TOKEN","error":"Who?"}' };

/** A homeserver that answers at once, counts, checks the order of what is said, and remembers little. */
export class NullHomeserver {
  readonly #rooms: Rooms;
  readonly #server = createServer({ keepAliveTimeout: 120_000, noDelay: true });
  readonly calls = new Map<CallKind, number>();
  readonly heard = new Listener();
  /** Told of each message, once it is in its room. */
  onMessage: (text: string) => void = () => {};
  #fault: () => Fault = () => undefined;
  port = 0;

  constructor(portals: number) {
    this.#rooms = new Rooms(portals, (text) => {
      this.heard.hear(text);
      this.onMessage(text);
    });
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
    this.#server.on('request', (request, response) => this.#read(request, response));
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1', 1024);
    await once(this.#server, 'listening');
    ({ port: this.port } = this.#server.address() as AddressInfo);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  beginFaults(faults: Faults): void {
    this.#fault = faultsBy(faults);
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => this.#take(request, response, Buffer.concat(chunks)));
  }

  #take(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const answer = this.#answer(request, body);
    if (answer) reply(response, answer);
    else request.socket.resetAndDestroy();
  }

  /** `undefined`: none, the connection is cut. */
  #answer({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Answer | undefined {
    const isKnown = headers.authorization === `Bearer ${AS_TOKEN}`;
    if (!isKnown && !url.includes(`access_token=${AS_TOKEN}`)) return STRANGER;
    const call = readCall(method, url, body);
    this.calls.set(call.kind, (this.calls.get(call.kind) ?? 0) + 1);
    const fault = call.kind === 'send' ? this.#fault() : undefined;
    if (fault === 'limited') return LIMITED;
    if (fault === 'broken') return BROKEN;
    if (fault === 'cut-before') return undefined;
    const answer = this.#rooms.take(call);
    return fault === 'cut-after' ? undefined : answer;
  }
}

function reply(response: ServerResponse, { status, json }: Answer): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(json),
  });
  response.end(json);
}
