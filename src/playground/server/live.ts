import type { ServerResponse } from 'node:http';

/** A reader that is so far behind is cut off: it comes again and is told all anew. */
const MOST_BEHIND_BYTES = 4_000_000;
const HEARTBEAT_MS = 15_000;

/** Everybody who has the page open, told what happens as server-sent events. */
export class Live {
  readonly #readers = new Set<ServerResponse>();
  readonly #hello: () => unknown;
  readonly #heartbeat: NodeJS.Timeout;

  /** `hello`: all of it as it is now, for whoever comes. */
  constructor(hello: () => unknown) {
    this.#hello = hello;
    this.#heartbeat = setInterval(() => this.#write(': still here\n\n'), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  add(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(eventText('hello', this.#hello()));
    this.#readers.add(response);
    response.once('close', () => this.#readers.delete(response));
  }

  tell(name: string, data: unknown): void {
    this.#write(eventText(name, data));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const reader of this.#readers) reader.destroy();
  }

  #write(text: string): void {
    for (const reader of this.#readers) {
      if (reader.writableLength > MOST_BEHIND_BYTES) reader.destroy();
      else reader.write(text);
    }
  }
}

/** JSON has no bare line breaks, so it is one `data` line. */
const eventText = (name: string, data: unknown) =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
