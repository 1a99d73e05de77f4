import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, setGlobalDispatcher } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { tryPort } from '../../../src/playground/ports.ts';
import { runPlayground } from '../../../src/playground/run.ts';

const executable = fileURLToPath(new URL('./pretend-bridge.mjs', import.meta.url));

interface Running {
  readonly url: string;
  readonly out: readonly string[];
  stop(): Promise<number>;
}

let dir: string;
const running: Running[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'playground-run-'));
});
afterEach(async () => {
  for (const playground of running.splice(0)) await playground.stop();
  forgetConnections();
  rmSync(dir, { recursive: true, force: true });
});

/** A playground has a process of its own, and so no connection from before that has since been cut. */
const forgetConnections = () => setGlobalDispatcher(new Agent());

/** One that ends by itself: its exit code and what it said. */
async function fails(options: { port?: number } = {}) {
  const err: string[] = [];
  const io = { out: () => undefined, err: (line: string) => err.push(line) };
  const asked = { dir, executable, adapter: 'loopback', ...options };
  const code = await runPlayground(asked, io, new AbortController().signal);
  return { code, err: err.join('\n') };
}

async function start(): Promise<Running> {
  const out: string[] = [];
  const stopping = new AbortController();
  const io = { out: (line: string) => out.push(line), err: (line: string) => out.push(line) };
  const port = (await tryPort(0)) ?? 0;
  const options = { dir, executable, adapter: 'loopback', port };
  const ended = runPlayground(options, io, stopping.signal);
  const stop = () => {
    stopping.abort();
    return ended;
  };
  const playground = { url: `http://127.0.0.1:${port}`, out, stop };
  running.push(playground);
  await vi.waitFor(() => expect(out.join('\n')).toContain('The bridge is running'), 10_000);
  return playground;
}

interface Hello {
  readonly sides: Record<
    'matrix' | 'remote',
    { readonly people: { id: string; name: string }[]; readonly lines: { text: string }[] }
  >;
}

async function look({ url }: Running): Promise<Hello> {
  const response = await fetch(`${url}/api/live`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  while (!heard.includes('\n\n')) heard += (await reader?.read())?.value ?? '';
  await reader?.cancel();
  return JSON.parse(/^data: (.*)$/m.exec(heard)?.[1] ?? '');
}

async function say({ url }: Running, body: object): Promise<Response> {
  const page = await (await fetch(url)).text();
  const token = /name="playground-token" content="([^"]+)"/.exec(page)?.[1] ?? '';
  return fetch(`${url}/api/say`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-playground-token': token },
    body: JSON.stringify(body),
  });
}

describe('runPlayground', () => {
  it('has two people on each side who can be typed as', async () => {
    const playground = await start();
    const { sides } = await look(playground);
    expect(sides.matrix.people.map(({ name }) => name)).toEqual(['Alice', 'Bob']);
    expect(sides.remote.people.map(({ name }) => name)).toEqual(['Carol', 'Dave']);
    expect(playground.out.join('\n')).toContain(playground.url);
    expect(playground.out.join('\n')).toContain('drawbridge config init');
  });

  it('finds everything again when it is stopped and started', async () => {
    const first = await start();
    const alice = '@alice:playground.localhost';
    expect((await say(first, { side: 'matrix', as: alice, text: 'of yesterday' })).ok).toBe(true);
    expect((await say(first, { side: 'remote', as: 'carol', text: 'as well' })).ok).toBe(true);
    const written = ['config.yaml', 'registration.local.yaml', 'playground.json'];
    const before = written.map((name) => readFileSync(join(dir, name), 'utf8'));
    expect(await first.stop()).toBe(0);
    expect(existsSync(join(dir, 'bridge.pid.json'))).toBe(false);
    forgetConnections();

    const { sides } = await look(await start());
    expect(sides.matrix.lines.map(({ text }) => text)).toEqual(['of yesterday']);
    expect(sides.remote.lines.map(({ text }) => text)).toEqual(['as well']);
    expect(written.map((name) => readFileSync(join(dir, name), 'utf8'))).toEqual(before);
  });

  it('keeps a second one out of its folder', async () => {
    await start();
    const { code, err } = await fails();
    expect(code).toBe(2);
    expect(err).toContain(`Another playground (process ${process.pid}) uses ${dir}`);
  });

  it('says what to do where the port is taken, and leaves the folder free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const { code, err } = await fails({ port });
    await new Promise((done) => other.close(done));
    expect(code).toBe(2);
    expect(err).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(existsSync(join(dir, 'lock.json'))).toBe(false);
  });
});
