import { expect } from 'vitest';
import type { RemoteEvent } from '../../adapter/index.ts';
import type { Bench } from './bench.ts';
import type { AdapterPromise } from './promise.ts';

const speak = async ({ fixture }: Bench, text: string) => fixture.speak?.(text);

const messages = (events: readonly RemoteEvent[]) =>
  events.filter((event) => event.kind === 'message');
const texts = (events: readonly RemoteEvent[]) => messages(events).map(({ body }) => body.text);

/** What an adapter promises of `emit`: that all is heard, once, and nothing after the end. */
export const listeningPromises: readonly AdapterPromise[] = [
  {
    title: 'emits what others say, with a time and an id, in order',
    needs: ['speak'],
    async check(bench) {
      const beforeMs = Date.now();
      const { heard, emitted } = await bench.open();
      for (const text of ['one', 'two', 'three']) await speak(bench, text);
      const last = await heard('three');
      expect(texts(emitted)).toEqual(['one', 'two', 'three']);
      expect(last.chat).toBe(bench.chat);
      expect(last.sentAtMs).toBeGreaterThan(beforeMs - 60_000);
      expect(last.sentAtMs).toBeLessThan(Date.now() + 60_000);
      expect(new Set(messages(emitted).map(({ id }) => id)).size).toBe(3);
    },
  },
  {
    title: 'emits its own words, if at all, only with the key of the part as `echoOf`',
    needs: ['speak'],
    async check(bench) {
      const { say, heard, emitted } = await bench.open();
      const parts = await say('mine');
      await speak(bench, 'yours');
      await heard('yours');
      const own = messages(emitted).filter(({ body }) => body.text !== 'yours');
      const keys = parts.map(({ key }) => key);
      for (const { echoOf } of own) expect(keys).toContain(echoOf);
    },
  },
  {
    title: 'emits nothing after `close`',
    needs: ['speak'],
    async check(bench) {
      const first = await bench.open();
      await speak(bench, 'before');
      await first.heard('before');
      await first.close();
      const given = first.attempts.length;
      const second = await bench.open(first.disk);
      await speak(bench, 'after');
      await second.heard('after');
      expect(first.attempts.length).toBe(given);
    },
  },
  {
    title: 'emits after the next start what was said while it was away, nothing twice',
    needs: ['speak', 'remembers'],
    async check(bench) {
      const first = await bench.open();
      await speak(bench, 'one');
      await first.heard('one');
      await first.close();
      await speak(bench, 'two');
      const second = await bench.open(first.disk);
      await speak(bench, 'three');
      await second.heard('three');
      expect(texts(second.emitted)).toEqual(['one', 'two', 'three']);
    },
  },
  {
    title:
      'acknowledges nothing that could not be stored, and stops; later it comes again, the same',
    needs: ['speak', 'remembers'],
    async check(bench) {
      const first = await bench.open();
      first.breakStorage(new Error('the disk is full'));
      await speak(bench, 'one');
      await bench.until(() => expect(texts(first.attempts.flat())).toContain('one'));
      const [refused] = messages(first.attempts.flat());
      await speak(bench, 'two');
      const second = await bench.open(first.disk);
      await second.heard('two');
      expect(texts(first.attempts.flat())).not.toContain('two');
      expect(texts(second.emitted)).toEqual(['one', 'two']);
      expect(messages(second.emitted)[0]).toEqual(refused);
    },
  },
  {
    title: 'reads its state anew when `emit` says `stale`, and emits all the same',
    needs: ['speak'],
    async check(bench) {
      const { heard, emitted, makeStale } = await bench.open();
      makeStale();
      await speak(bench, 'one');
      await speak(bench, 'two');
      await heard('two');
      expect(texts(emitted)).toEqual(['one', 'two']);
    },
  },
  {
    title: 'connects again when it was cut off, says so, and has missed nothing',
    needs: ['speak', 'cut'],
    async check(bench) {
      const { heard, emitted, standings } = await bench.open();
      await speak(bench, 'one');
      await heard('one');
      await bench.fixture.cut?.();
      await speak(bench, 'two');
      await heard('two');
      expect(texts(emitted)).toEqual(['one', 'two']);
      await bench.until(() => expect(standings.at(-1)?.standing.is).toBe('ready'));
      expect(standings.map(({ standing }) => standing.is)).toContain('failed');
    },
  },
];
