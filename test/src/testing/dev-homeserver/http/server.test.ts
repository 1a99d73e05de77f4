import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exact, Router } from '../../../../../src/testing/dev-homeserver/http/router.ts';
import { createHttpServer, listen } from '../../../../../src/testing/dev-homeserver/http/server.ts';
import { clientOf, createRoom, path, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

describe('the HTTP face', () => {
  it('knows 404 from 405', async () => {
    const { url } = await homeserver();
    const codes = async (method: string, to: string) => {
      const response = await fetch(`${url}${to}`, { method });
      const { errcode } = (await response.json()) as { errcode: string };
      return [response.status, errcode];
    };
    expect(await codes('GET', '/_matrix/client/v3/none')).toEqual([404, 'M_UNRECOGNIZED']);
    expect(await codes('DELETE', '/_matrix/client/v3/createRoom')).toEqual([405, 'M_UNRECOGNIZED']);
    expect(await codes('GET', '/')).toEqual([404, 'M_UNRECOGNIZED']);
  });

  it('answers under the old version too', async () => {
    const { url } = await homeserver();
    expect((await fetch(`${url}/_matrix/client/r0/login`)).status).toBe(200);
    const { body } = await clientOf(url, '').get('/_matrix/client/versions');
    expect(body.versions).toContain('v1.15');
  });

  it('lets pages of one origin in, and of none where none is named', async () => {
    const { url } = await homeserver({ allowOrigin: 'http://127.0.0.1:8080' });
    const preflight = await fetch(`${url}/_matrix/client/v3/sync`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    for (const response of [preflight, await fetch(`${url}/_matrix/client/v3/none`)]) {
      expect(response.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:8080');
      expect(response.headers.get('access-control-allow-methods')).toContain('PUT');
      expect(response.headers.get('access-control-allow-headers')).toContain('Authorization');
    }
    const closed = await fetch(`${(await homeserver()).url}/_matrix/client/versions`);
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('refuses a path that is not UTF-8, and takes ids with any sign in them', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    expect((await alice.get('/profile/%ff')).status).toBe(400);
    const room = await createRoom(alice);
    const key = '../a/b c?d#e%f';
    await alice.put(path`/rooms/${room}/state/x.y/${key}`, { a: 1 });
    expect(hs.timeline(room).at(-1)?.state_key).toBe(key);
  });
});

describe('createHttpServer', () => {
  it('tells a handler when its client goes away', async () => {
    let signal: AbortSignal | undefined;
    const wait = exact('GET', '/wait', (call) => {
      signal = call.signal;
      return new Promise(() => {});
    });
    const server = createHttpServer({ router: new Router([wait]), log: () => {} });
    const port = await listen(server, 0, '127.0.0.1');
    onTestFinished(() => void server.close());
    const client = new AbortController();
    const asked = fetch(`http://127.0.0.1:${port}/wait`, { signal: client.signal });
    await vi.waitFor(() => expect(signal?.aborted).toBe(false));
    client.abort();
    await expect(asked).rejects.toThrow();
    await vi.waitFor(() => expect(signal?.aborted).toBe(true));
  });

  it('answers 500 for what it did not foresee, and logs it', async () => {
    const lines: string[] = [];
    const broken = exact('GET', '/broken', () => {
      throw new TypeError('so it goes');
    });
    const log = (line: string) => lines.push(line);
    const server = createHttpServer({ router: new Router([broken]), log });
    const port = await listen(server, 0, '127.0.0.1');
    onTestFinished(() => void server.close());
    const response = await fetch(`http://127.0.0.1:${port}/broken`);
    expect([response.status, await response.json()]).toEqual([
      500,
      { errcode: 'M_UNKNOWN', error: 'Internal server error' },
    ]);
    expect(lines.join()).toContain('so it goes');
  });
});

describe('close', () => {
  it('ends whoever waits for news', async () => {
    const hs = await homeserver();
    const alice = await person(hs, 'alice');
    const { body } = await alice.get('/sync');
    const query = { since: body.next_batch, timeout: '60000' };
    const ended = alice.get('/sync', { query }).catch(() => 'ended');
    // Answered after the other: so it waits by now.
    await alice.get('/account/whoami');
    await hs.close();
    expect(await ended).toBe('ended');
  });
});
