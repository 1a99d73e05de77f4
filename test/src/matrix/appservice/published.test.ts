import { describe, expect, it } from 'vitest';
import { start } from './started-face.ts';

const PATH = '/published/net/abc-1';

async function reading() {
  const published = async (network: string, id: string) =>
    network === 'net' && id === 'abc-1' ? '<script>x()</script> ü' : undefined;
  const { port, clock } = await start({ published });
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${port}${path}`, { method });
  return { ask, clock };
}

describe('published', () => {
  it('is shown to anybody as the text that it is, and a browser does nothing else with it', async () => {
    const { ask } = await reading();
    const answer = await ask(PATH);
    expect(await answer.text()).toBe('<script>x()</script> ü');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
    });
  });

  it('can be asked for without its body, and cannot be changed', async () => {
    const { ask } = await reading();
    const head = await ask(PATH, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask(PATH, method)).status).toBe(405);
  });

  it.each([
    '/published/net/abc-2',
    '/published/other/abc-1',
    '/published/net/abc-1/',
    '/published/net/..%2fabc-1',
    '/published/',
  ])('is not under %s', async (path) => {
    const { ask } = await reading();
    expect((await ask(path)).status).toBe(404);
  });

  it('is not given to those who ask without end', async () => {
    const { ask, clock } = await reading();
    for (let n = 0; n < 100; n++) await ask('/published/net/guess');
    const answer = await ask(PATH);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    await clock.advance(1_000);
    expect((await ask(PATH)).status).toBe(200);
  });
});
