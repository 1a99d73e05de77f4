import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { loopbackPerson, readLoopbackLog } from '../../../../src/testing/loopback-network/index.ts';

const children: ChildProcess[] = [];
const dirs: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await end(child, 'SIGKILL');
  for (const dir of dirs.splice(0)) await rm(dir, { recursive: true });
});

async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** The runner that vitest itself comes with, as Node 20 reads no TypeScript. */
const vitest = createRequire(import.meta.url).resolve('vitest/package.json');
const runner = join(
  dirname(createRequire(vitest).resolve('vite-node/package.json')),
  'vite-node.mjs',
);

function run(...args: string[]): ChildProcess {
  const program = 'src/testing/loopback-network/main.ts';
  const child = spawn(process.execPath, [runner, '--script', program, ...args]);
  children.push(child);
  return child;
}

async function urlOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('It has no output');
  for await (const line of createInterface(stdout)) return JSON.parse(line).url;
  throw new Error('It ended without a word');
}

describe('the executable of the loopback network', () => {
  it('loses nothing that it answered when it is killed at any moment', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'loopback-'));
    dirs.push(dir);
    const first = run('--dir', dir, '--certainty', 'nothing');
    const bob = await loopbackPerson(await urlOf(first), { id: 'bob' });
    await bob.join('lobby');
    const answered: string[] = [];
    const talk = async (from: number) => {
      for (let n = 0; ; n++) {
        answered.push(await bob.say('lobby', `text ${n} of ${from}`));
        if (answered.length === 60) first.kill('SIGKILL');
      }
    };
    const talks = await Promise.allSettled(Array.from({ length: 20 }, (_, from) => talk(from)));
    expect(talks.every(({ status }) => status === 'rejected')).toBe(true);
    expect(answered.length).toBeGreaterThan(59);

    const kept = readLoopbackLog(dir).flatMap((entry) =>
      entry.type === 'message' ? [entry.id] : [],
    );
    expect(kept).toEqual(expect.arrayContaining(answered));
    expect(new Set(kept).size).toBe(kept.length);

    const second = run('--dir', dir, '--certainty', 'nothing');
    const again = await loopbackPerson(await urlOf(second), { token: bob.token });
    expect(kept).not.toContain(await again.say('lobby', 'after'));
    await end(second, 'SIGTERM');
    expect(second.exitCode).toBe(0);
  });

  it('says what is wrong, how it is called, and ends with 1', async () => {
    const child = run('--certainty', 'maybe');
    let printed = '';
    child.stderr?.on('data', (bytes) => {
      printed += bytes;
    });
    await once(child, 'close');
    expect(child.exitCode).toBe(1);
    expect(printed).toContain('--certainty: there is no maybe');
    expect(printed).toContain('look-up');
  });
});
