import { Readable } from 'node:stream';
import type { EventEnvelope } from '#gia/schemas';
import type { Store } from '../store/index.ts';
import type { Hub } from './hub.ts';

const BATCH = 100;
/** Of what is said at this moment, as much waits for a slow reader; the rest is dropped. */
const MAX_SAID = 100;

export interface StreamOptions {
  readonly store: Store;
  readonly hub: Hub;
  readonly heartbeatMs: number;
  /** Sees each event as it goes out. */
  readonly watch: (event: EventEnvelope) => void;
}

/**
 * A stream of server-sent events, from behind `afterN` on, without an end. It reads as fast as it is read: what is not
 * fetched waits on disk.
 */
export function readStream(stream: string, afterN: number, options: StreamOptions): Readable {
  let n = afterN;
  let isEnded = false;
  let isFinishing = false;
  let said: EventEnvelope[] = [];
  let wake = () => {};
  const close = options.hub.streams.open(stream, {
    wake: () => wake(),
    say(event) {
      if (said.length < MAX_SAID) said.push(event);
      wake();
    },
    end() {
      isEnded = true;
      wake();
    },
    finish() {
      isFinishing = true;
      wake();
    },
  });

  function takeBatch(): string {
    const rows = options.store.events.after(stream, n, BATCH);
    n = rows.at(-1)?.n ?? n;
    const events = [...rows.map((row) => options.hub.envelope(row)), ...said];
    said = [];
    for (const event of events) options.watch(event);
    return events.map(written).join('');
  }

  async function* read() {
    yield ': hello\n\n';
    while (!isEnded) {
      // Asked for before the look, so that nothing comes between.
      const woken = new Promise<void>((done) => {
        wake = done;
      });
      const batch = takeBatch();
      if (batch !== '') yield batch;
      else if (isFinishing) return;
      else if (await isQuiet(woken, options.heartbeatMs)) yield ': still here\n\n';
    }
  }

  const readable = Readable.from(read());
  readable.once('close', () => {
    isEnded = true;
    wake();
    close();
  });
  return readable;
}

const written = (event: EventEnvelope): string =>
  `${event.cursor === undefined ? '' : `id: ${event.cursor}\n`}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** Whether nothing happened for so long. */
async function isQuiet(woken: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<true>((done) => {
    timer = setTimeout(done, ms, true);
  });
  const isPassed = await Promise.race([woken.then(() => false), passed]);
  clearTimeout(timer);
  return isPassed;
}
