import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CannotShow, type Shown } from '../../../../src/ports/appservice.ts';
import { MatrixError, type OpenFile } from '../../../../src/ports/matrix.ts';
import { start } from './started-face.ts';

const PATH = '/said/abc.1.2.$x%3Ay';

async function reading(what: Shown | (() => Promise<Shown>)) {
  const shown = async (token: string) => {
    if (token !== 'abc.1.2.$x:y') return undefined;
    return typeof what === 'function' ? what() : what;
  };
  const { port, clock } = await start({ shown });
  const ask = (path = PATH, more: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, more);
  /** Begins to read, over a connection of its own. */
  async function begin(): Promise<IncomingMessage> {
    const request = get(`http://127.0.0.1:${port}${PATH}`, { agent: false });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    return answer.on('error', () => {});
  }
  return { ask, begin, clock };
}

const TEXT = { text: '<script>x()</script> ü' };

async function* pieces(...parts: readonly string[]) {
  for (const part of parts) yield Buffer.from(part);
}

/** A file of ten bytes, which notes what becomes of its reading. */
function aFile(more: { mimeType?: string; name?: string; opened?: Partial<OpenFile> } = {}) {
  const { mimeType = 'image/png', name = 'a "cat".png', opened } = more;
  const signals: AbortSignal[] = [];
  const shown: Shown = {
    file: { as: 'image', mimeType, name },
    open: async (signal) => {
      signals.push(signal);
      return { bytes: pieces('0123', '456', '789'), sizeBytes: 10, ...opened };
    },
  };
  return { shown, signals };
}

describe('a text that was said', () => {
  it('is shown to anybody as the text that it is, and a browser does nothing else with it', async () => {
    const { ask } = await reading(TEXT);
    const answer = await ask();
    expect(await answer.text()).toBe(TEXT.text);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'referrer-policy': 'no-referrer',
    });
  });

  it('can be asked for without its body, and cannot be changed', async () => {
    const { ask } = await reading(TEXT);
    const head = await ask(PATH, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await ask(PATH, { method })).status).toBe(405);
  });

  it.each(['/said/abc', `${PATH}/a/b`, '/said/', '/said/..%2fabc'])(
    'is not under %s',
    async (path) => {
      const { ask } = await reading(TEXT);
      expect((await ask(path)).status).toBe(404);
    },
  );

  it('is not given to those who ask without end', async () => {
    const { ask, clock } = await reading(TEXT);
    for (let n = 0; n < 100; n++) await ask('/said/guess');
    const answer = await ask();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    await clock.advance(1_000);
    expect((await ask()).status).toBe(200);
  });

  it.each([
    ['away', 503],
    ['refused', 404],
  ] as const)('is answered for with %s of the homeserver as %i', async (kind, status) => {
    const { ask } = await reading(async () => {
      throw new MatrixError(kind, 'no', { endpoint: 'GET /x' });
    });
    expect((await ask()).status).toBe(status);
  });
});

describe('a file that was shown', () => {
  it('is given with its name and its size', async () => {
    const { ask } = await reading(aFile().shown);
    const answer = await ask(`${PATH}/cat.png`);
    expect(await answer.text()).toBe('0123456789');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '10',
      'accept-ranges': 'bytes',
      'content-disposition': 'inline; filename="a \\"cat\\".png"',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
  });

  it.each([
    'text/html',
    'image/svg+xml',
    'application/xhtml+xml',
    'image/png\r\nX-A: b',
    'text/xml',
  ])('is never shown as %j, but saved', async (mimeType) => {
    const { ask } = await reading(aFile({ mimeType, name: 'a.html' }).shown);
    const { headers } = await ask();
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(headers.get('x-a')).toBeNull();
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-1', 206, '9', 'bytes 9-9/10'],
    ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=9-99', 206, '9', 'bytes 9-9/10'],
    ['bytes=1-2,4-5', 200, '0123456789', null],
    ['bytes=5-2', 200, '0123456789', null],
    ['lines=1-2', 200, '0123456789', null],
  ])('is given in part: %s', async (range, status, text, contentRange) => {
    const { ask } = await reading(aFile().shown);
    const answer = await ask(PATH, { headers: { range } });
    expect([answer.status, await answer.text()]).toEqual([status, text]);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    expect(answer.headers.get('content-length')).toBe(String(text.length));
  });

  it.each(['bytes=10-', 'bytes=-0'])('has no bytes that are not in it: %s', async (range) => {
    const { shown, signals } = aFile();
    const { ask } = await reading(shown);
    const answer = await ask(PATH, { headers: { range } });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([416, 'bytes */10']);
    await answer.text();
    await aborted(signals);
  });

  it('is given whole where nobody knows its size', async () => {
    const { ask } = await reading(aFile({ opened: { sizeBytes: undefined } as never }).shown);
    const answer = await ask(PATH, { headers: { range: 'bytes=1-2' } });
    expect([answer.status, await answer.text()]).toEqual([200, '0123456789']);
  });

  it('is let go of when only its head is wanted, and when its reader goes away', async () => {
    const { shown, signals } = aFile();
    const { ask } = await reading(shown);
    expect((await ask(PATH, { method: 'HEAD' })).headers.get('content-length')).toBe('10');
    await aborted(signals);
    const endless = aFile({ opened: { bytes: forever(), sizeBytes: 1e12 } });
    const { begin } = await reading(endless.shown);
    (await begin()).destroy();
    await aborted(endless.signals);
  });

  /** Sixteen who read, and one more of whom the bridge has heard. */
  async function crowd() {
    const counts = { asked: 0, opened: 0 };
    const { shown } = aFile({ opened: { bytes: forever(), sizeBytes: 1e12 } });
    const { begin, ask, clock } = await reading(async () => {
      counts.asked++;
      return {
        ...(shown as Extract<Shown, { file: unknown }>),
        open: async () => {
          counts.opened++;
          return { bytes: forever(), sizeBytes: 1e12 };
        },
      };
    });
    const readers = await Promise.all(Array.from({ length: 16 }, begin));
    const next = ask();
    await vi.waitFor(() => expect(counts.asked).toBe(17));
    await new Promise(setImmediate);
    expect(counts.opened).toBe(16);
    onTestFinished(() => {
      for (const reader of readers) reader.destroy();
    });
    return { first: readers[0], next, clock };
  }

  it('has sixteen readers at once, and others when one of them is done', async () => {
    const { first, next } = await crowd();
    first?.destroy();
    const answer = await next;
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  });

  it('is refused to who has waited too long for the others', async () => {
    const { next, clock } = await crowd();
    await clock.advance(10_000);
    expect((await next).status).toBe(503);
  });
});

async function* forever() {
  for (;;) yield Buffer.alloc(65_536);
}

async function aborted([signal]: readonly AbortSignal[]): Promise<void> {
  if (signal?.aborted) return;
  await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
}

describe('what a network serves', () => {
  const { shown: file } = aFile({ mimeType: 'text/html' });

  /** Which network and path each request was taken for. */
  async function serving(answer: () => Promise<Shown | undefined> = async () => file) {
    const asked: string[] = [];
    const { port, clock } = await start({
      served: async (network, path) => {
        asked.push(`${network} ${path}`);
        return answer();
      },
    });
    const ask = (path: string, more: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, more);
    return { ask, asked, clock };
  }

  it('is given to anybody, as a file that runs nowhere, whole and in stretches', async () => {
    const { ask, asked } = await serving();
    const whole = await ask('/at/net-1/aB_-9');
    expect(await whole.text()).toBe('0123456789');
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      ...{ 'content-type': 'application/octet-stream', 'content-length': '10' },
      'content-disposition': expect.stringMatching(/^attachment/),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
    const some = await ask('/at/net-1/aB_-9', { headers: { range: 'bytes=2-3' } });
    expect([some.status, await some.text()]).toEqual([206, '23']);
    expect(asked).toEqual(['net-1 aB_-9', 'net-1 aB_-9']);
  });

  it('is asked for under no path that is not plain', async () => {
    const { ask, asked } = await serving();
    const long = 'a'.repeat(1_501);
    for (const path of ['a/b', 'a%2fb', '..%2f..', 'a.b', 'a%00', '', long, '../net', 'a%61'])
      expect((await ask(`/at/net/${path}`)).status).toBe(404);
    for (const network of ['Net', 'n_t', 'n%65t', '']) {
      expect((await ask(`/at/${network}/a`)).status).toBe(404);
    }
    expect(asked).toEqual([]);
    expect((await ask('/at/net/a', { method: 'POST' })).status).toBe(405);
  });

  it.each([
    ['there is none', async () => undefined, 404],
    ['it is gone', () => Promise.reject(new CannotShow('x', false, {})), 404],
    ['it cannot be had now', () => Promise.reject(new CannotShow('x', true, {})), 503],
  ])('is answered for where %s', async (_, answer, status) => {
    const { ask } = await serving(answer);
    expect((await ask('/at/net/a')).status).toBe(status);
  });

  it('is answered for where it turns out as it is opened', async () => {
    const open = () => Promise.reject(new CannotShow('x', true, {}));
    const { ask } = await serving(async () => ({ file: { as: 'file', mimeType: 'x/y' }, open }));
    expect((await ask('/at/net/a')).status).toBe(503);
  });

  it('is not given to those who ask without end', async () => {
    const { ask } = await serving(async () => undefined);
    for (let n = 0; n < 100; n++) await ask('/at/net/guess');
    expect((await ask('/at/net/a')).status).toBe(429);
  });
});
