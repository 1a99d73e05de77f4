import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaRef } from '../../../../src/model/remote-ids.ts';
import { AS_TOKEN, BOT, GHOST, scripted, until } from './scripted-homeserver.ts';

const never = new AbortController().signal;

async function* chunks(...parts: readonly string[]) {
  for (const part of parts) yield Buffer.from(part);
}

describe('openMedia', () => {
  it('streams a file with the token', async () => {
    const { client, asked } = await scripted((_, reply) =>
      reply.text(200, 'the bytes', { 'content-length': '9' }),
    );
    const file = await client.openMedia(mediaRef('mxc://example.org:8448/a-B_9'), never);

    expect((await buffer(file.bytes)).toString()).toBe('the bytes');
    expect(file.sizeBytes).toBe(9);
    expect(asked[0]).toMatchObject({
      path: '/_matrix/client/v1/media/download/example.org%3A8448/a-B_9',
      authorization: `Bearer ${AS_TOKEN}`,
    });
  });

  it.each([
    'https://example.org/x',
    'mxc://example.org',
    'mxc://example.org/a/b',
    'mxc://example.org/..',
    'mxc://exa?mple.org/a',
    'mxc:///a',
  ])('does not ask for %s', async (ref) => {
    const { client, asked } = await scripted((_, reply) => reply.text(200, ''));
    await expect(client.openMedia(mediaRef(ref), never)).rejects.toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
  });

  it('is refused when the file is gone, and follows no redirect', async () => {
    let answer = 404;
    const { client, asked } = await scripted((_, reply) =>
      reply.json(answer, { errcode: 'M_NOT_FOUND' }, { location: '/elsewhere' }),
    );
    const open = () => client.openMedia(mediaRef('mxc://example.org/a'), never);
    await expect(open()).rejects.toMatchObject({ kind: 'refused', errcode: 'M_NOT_FOUND' });
    answer = 307;
    await expect(open()).rejects.toMatchObject({ kind: 'refused', status: 307 });
    expect(asked).toHaveLength(2);
  });

  it('fails while it is read when the connection is cut', async () => {
    const { client } = await scripted((_, reply) => {
      reply.raw.writeHead(200, { 'content-length': '100' });
      reply.raw.write('half', () => reply.raw.destroy());
    });
    const file = await client.openMedia(mediaRef('mxc://example.org/a'), never);
    await expect(buffer(file.bytes)).rejects.toMatchObject({
      name: 'MatrixError',
      kind: 'ambiguous',
    });
  });

  it('ends when it is given up, before the answer and while it is read', async () => {
    let answer = (): void => {};
    const { client, asked } = await scripted((_, reply) => {
      answer = () => {
        reply.raw.writeHead(200, { 'content-length': '100' });
        reply.raw.write('half');
      };
    });
    const first = new AbortController();
    const unanswered = client.openMedia(mediaRef('mxc://example.org/a'), first.signal);
    await until(() => expect(asked).toHaveLength(1));
    first.abort();
    await expect(unanswered).rejects.toMatchObject({ name: 'MatrixError' });

    const second = new AbortController();
    const opened = client.openMedia(mediaRef('mxc://example.org/a'), second.signal);
    await until(() => expect(asked).toHaveLength(2));
    answer();
    const reading = buffer((await opened).bytes);
    second.abort();
    await expect(reading).rejects.toMatchObject({ name: 'MatrixError' });
  });
});

describe('upload', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drawbridge-test-'));
    vi.stubEnv('TMPDIR', folder);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  });

  it('sends the bytes with their size and type, and leaves nothing behind', async () => {
    const { client, asked } = await scripted((asking, reply) =>
      asking.method === 'GET'
        ? reply.json(200, { 'm.upload.size': 1000 })
        : reply.json(200, { content_uri: 'mxc://example.org/new' }),
    );
    const uri = await client.upload(GHOST, { bytes: chunks('ab', 'c'), mimeType: 'image/png' });

    expect(uri).toBe('mxc://example.org/new');
    expect(asked.at(-1)).toMatchObject({ contentType: 'image/png', query: { user_id: GHOST } });
    expect(asked.at(-1)?.body.toString()).toBe('abc');
    expect(await readdir(folder)).toEqual([]);
  });

  it('sends all of it again after a cut connection', async () => {
    let isFirst = true;
    const { client, asked } = await scripted((asking, reply) => {
      if (asking.method === 'GET') return reply.json(200, {});
      if (!isFirst) return reply.json(200, { content_uri: 'mxc://example.org/new' });
      isFirst = false;
      return reply.cut();
    });
    await client.upload(GHOST, { bytes: chunks('ab', 'c') });
    expect(asked.slice(1).map(({ body }) => body.toString())).toEqual(['abc', 'abc']);
    expect(asked.at(-1)?.contentType).toBe('application/octet-stream');
  });

  it('sends nothing that is larger than the homeserver takes', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { 'm.upload.size': 3 }));
    const upload = client.upload(GHOST, { bytes: chunks('ab', 'cd') });

    await expect(upload).rejects.toMatchObject({ kind: 'refused', errcode: 'M_TOO_LARGE' });
    expect(asked.map(({ method, query }) => [method, query])).toEqual([['GET', { user_id: BOT }]]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets no type into the header that is none', async () => {
    const { client, asked } = await scripted((asking, reply) =>
      reply.json(200, asking.method === 'GET' ? {} : { content_uri: 'mxc://example.org/new' }),
    );
    await client.upload(GHOST, { bytes: chunks('x'), mimeType: 'image/png\r\nx: y' });
    expect(asked.at(-1)?.contentType).toBe('application/octet-stream');
  });
});
