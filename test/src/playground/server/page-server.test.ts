import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Live } from '../../../../src/playground/server/live.ts';
import { type PageServer, startPageServer } from '../../../../src/playground/server/page-server.ts';
import type { Side } from '../../../../src/playground/sides/board.ts';
import { memorySide } from '../memory-side.ts';

const token = 'a-token';
let matrix: Side;
let server: PageServer;
let live: Live;
const done: string[] = [];

beforeEach(async () => {
  matrix = memorySide('matrix', ['alice']);
  live = new Live(() => ({ start: 'first' }));
  done.length = 0;
  const stage = {
    sides: { matrix, remote: memorySide('remote', ['carol']) },
    killBridge: async () => void done.push('kill'),
    startBridge: () => void done.push('start'),
    demonstrate: () => void done.push('demonstrate'),
  };
  server = await startPageServer({ port: 0, token, stage, live });
});
afterEach(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** `fetch` does not let one choose the `Host`. */
function ask(path: string, more: { headers?: object; body?: string } = {}): Promise<Answer> {
  const at = `127.0.0.1:${server.port}`;
  const isPost = more.body !== undefined;
  const headers = {
    host: at,
    ...(isPost && { 'content-type': 'application/json', 'x-playground-token': token }),
    ...more.headers,
  };
  return new Promise((resolve, reject) => {
    const asked = request(`http://${at}${path}`, { method: isPost ? 'POST' : 'GET', headers });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body }),
      );
    });
    asked.end(more.body);
  });
}

const say = (text: string, headers: object = {}) =>
  ask('/api/say', { headers, body: JSON.stringify({ side: 'matrix', as: 'alice', text }) });

describe('startPageServer', () => {
  it('serves the page with the token of this start, and lets no other code run on it', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.body).toContain(`content="${token}"`);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('serves every file that the page names, with its type', async () => {
    const page = await ask('/');
    const named = [...page.body.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(
      ([, path]) => path,
    );
    expect(named).toContain('/page/main.js');
    for (const path of named) expect(await ask(String(path)), path).toMatchObject({ status: 200 });
    expect((await ask('/page/main.js')).headers['content-type']).toMatch('text/javascript');
  });

  it('has no inline script and no inline style, which its own policy would refuse', async () => {
    const { body } = await ask('/');
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(body).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  it.each(['/page/../assets.ts', '/page/%2e%2e/assets.ts', '/page/main.ts', '/package.json'])(
    'serves nothing else of the disk: %s',
    async (path) => expect((await ask(path)).status).toBe(404),
  );

  it('does what the page asks', async () => {
    expect(await say('hello')).toMatchObject({ status: 200 });
    expect(matrix.board.lines).toMatchObject([{ sender: 'alice', text: 'hello' }]);
    await ask('/api/bridge', { body: '{"do":"kill"}' });
    await ask('/api/bridge', { body: '{"do":"start"}' });
    await ask('/api/demonstration', { body: '{}' });
    expect(done).toEqual(['kill', 'start', 'demonstrate']);
  });

  it.each([
    ['another host', { host: 'evil.example' }, 421],
    ['another origin', { origin: 'http://evil.example' }, 403],
    ['another token', { 'x-playground-token': 'guess' }, 403],
    ['no token', { 'x-playground-token': '' }, 403],
    ['another type', { 'content-type': 'text/plain' }, 415],
  ])('changes nothing for %s', async (_, headers, status) => {
    expect((await say('sneaked in', headers)).status).toBe(status);
    expect(matrix.board.lines).toEqual([]);
  });

  it('gives neither the page nor what happens on it to another host', async () => {
    const host = `evil.example:${server.port}`;
    expect((await ask('/', { headers: { host } })).body).not.toContain(token);
    expect((await ask('/api/live', { headers: { host } })).status).toBe(421);
  });

  it.each([
    ['{"side":"matrix","as":"mallory","text":"x"}', 'Nobody here can speak as mallory'],
    ['{"side":"matrix","as":"alice","text":"  "}', 'Say something'],
    ['{"side":"nowhere","as":"alice","text":"x"}', 'side'],
    ['{', 'Send JSON'],
    [JSON.stringify({ text: 'x'.repeat(70_000) }), 'at most 64 KiB'],
  ])('says what is wrong with %.60s', async (body, reason) => {
    const answer = await ask('/api/say', { body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).error).toContain(reason);
  });

  it('reads no more than it has to, even where the beginning would do', async () => {
    const body = `${JSON.stringify({ side: 'matrix', as: 'alice', text: 'x' })}${' '.repeat(70_000)}`;
    expect((await ask('/api/say', { body })).status).toBe(400);
    expect(matrix.board.lines).toEqual([]);
  });

  it('knows no other actions', async () => {
    expect((await ask('/api/constructor', { body: '{}' })).status).toBe(404);
  });

  it('tells whoever has the page open what is there and what happens', async () => {
    const response = await fetch(`http://127.0.0.1:${server.port}/api/live`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (text: string) => {
      while (!heard.includes(text)) heard += (await reader?.read())?.value ?? '';
    };
    await until('event: hello\ndata: {"start":"first"}\n\n');
    live.tell('line', { text: 'two\nlines' });
    await until('event: line\ndata: {"text":"two\\nlines"}\n\n');
    await reader?.cancel();
  });
});

describe('the page', () => {
  it('never turns text into HTML', () => {
    const folder = new URL('../../../../src/playground/page/', import.meta.url);
    for (const name of ['dom', 'line-view', 'lines-view', 'panel', 'toast', 'demonstration-view'])
      expect(readFileSync(new URL(`${name}.js`, folder), 'utf8')).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser/,
      );
  });
});
