import type { Agent } from 'undici';
import { request } from 'undici';
import type { EventEnvelope } from '../../../gia/schemas/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
export type Heard = EventEnvelope & { data: any };

/** What was heard of a stream so far. Close it before the test ends. */
export interface EventReader {
  readonly events: Heard[];
  /** Resolves with the first event that is so, heard already or not. */
  until(is: (event: Heard) => boolean): Promise<Heard>;
  /** Resolves once the gatekeeper has ended the stream. */
  readonly ended: Promise<void>;
  /** Resolves with the next comment. */
  beat(): Promise<string>;
  close(): void;
}

/** Reads a stream of events. @throws {Error} with the problem, if it is refused. */
export async function readEvents(
  agent: Agent,
  { url, headers }: { url: string; headers: Record<string, string> },
): Promise<EventReader> {
  const abort = new AbortController();
  const answer = await request(url, {
    dispatcher: agent,
    headers,
    signal: abort.signal,
    bodyTimeout: 0,
  });
  if (answer.statusCode !== 200) throw new Error(await answer.body.text());
  const events: Heard[] = [];
  let beat: (comment: string) => void = () => {};
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const waiter of [...waiting]) waiter();
  };
  const read = async () => {
    let text = '';
    for await (const chunk of answer.body.setEncoding('utf8')) {
      text += chunk;
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data !== undefined) events.push(JSON.parse(data));
        else beat(part);
      }
      wake();
    }
  };
  return {
    events,
    ended: read().catch(() => {}),
    close: () => abort.abort(),
    beat: () =>
      new Promise((done) => {
        beat = done;
      }),
    async until(is) {
      for (;;) {
        const found = events.find(is);
        if (found !== undefined) return found;
        await new Promise<void>((done) => {
          const waiter = () => {
            waiting.delete(waiter);
            done();
          };
          waiting.add(waiter);
        });
      }
    },
  };
}
