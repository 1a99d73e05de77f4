import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { at, clientOf, path, person, publicRoom, say } from './support/api.ts';
import { stubAppservice, temporaryDir } from './support/fixture.ts';
import { ghost, registration } from './support/stub-appservice.ts';

/** The runner that vitest itself comes with, as Node 20 reads no TypeScript. */
const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
const runner = join(
  dirname(createRequire(vitest).resolve('vite-node/package.json')),
  'vite-node.mjs',
);

function run(...args: string[]): ChildProcess {
  const program = 'src/testing/dev-homeserver/main.ts';
  const child = spawn(process.execPath, [runner, '--script', program, ...args]);
  onTestFinished(async () => void (await end(child, 'SIGKILL')));
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0];
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('It has no output');
  for await (const line of createInterface(stdout)) return JSON.parse(line).url;
  throw new Error('It ended without a word');
}

const flags = (dir: string, file: string) => [
  '--server-name',
  'hs.test',
  '--dir',
  dir,
  '--registration',
  file,
  '--retry-base-ms',
  '5',
  '--control',
];

describe('the executable', () => {
  it('keeps all that it answered when it is killed, and brings it to the appservice', {
    timeout: 30_000,
  }, async () => {
    const dir = temporaryDir();
    const stub = await stubAppservice();
    const file = join(dir, 'registration.yaml');
    writeFileSync(file, registration(stub.url));
    const first = run(...flags(dir, file));
    const url = await urlOf(first);
    const alice = await person({ url }, 'alice');
    const room = await publicRoom(alice, await ghost(url, '_x_bob'));
    // Nothing of what comes now is acknowledged.
    stub.answer = async () => [500, '{}'];
    const answered = new Map<string, string>();
    const talk = async (talker: number) => {
      for (let line = 0; ; line += 1) {
        const text = `${talker}.${line}`;
        const to = path`/rooms/${room}/send/m.room.message/${text}`;
        const { body } = await alice.put(to, { msgtype: 'm.text', body: text });
        answered.set(body.event_id, text);
        if (answered.size === 80) first.kill('SIGKILL');
      }
    };
    const talks = await Promise.allSettled([0, 1, 2, 3, 4, 5].map(talk));
    expect(talks.every(({ status }) => status === 'rejected')).toBe(true);

    stub.answer = async () => [200, '{}'];
    const second = await urlOf(run(...flags(dir, file)));
    // Whoever was down is tried again when something happens.
    await say(at({ url: second }, alice), room, 'and on');
    const { body } = await clientOf(second, '').get('/_dev/timeline', { query: { room } });
    const texts: string[] = body.events.flatMap(
      ({ content }: { content: { body?: string } }) => content.body ?? [],
    );
    const ids = new Set(body.events.map((event: { event_id: string }) => event.event_id));
    expect(answered.size).toBeGreaterThanOrEqual(80);
    expect([...answered.keys()].filter((id) => !ids.has(id))).toEqual([]);
    await vi.waitFor(() => expect(stub.heard).toEqual(texts), 10_000);
    expect((await at({ url: second }, alice).get('/account/whoami')).status).toBe(200);
  });

  it('ends when it is asked to, and says what it misses', { timeout: 30_000 }, async () => {
    const child = run('--server-name', 'hs.test');
    await urlOf(child);
    expect(await end(child, 'SIGTERM')).toBe(0);
    const without = run();
    const [code] = await once(without, 'exit');
    expect(code).toBe(2);
  });
});
