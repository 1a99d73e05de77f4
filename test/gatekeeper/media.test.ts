import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../gatekeeper/net/addresses.ts';
import { guardedUrl } from '../../gatekeeper/net/guarded-agent.ts';
import { selfMade } from '../../gatekeeper/tls/self-made.ts';
import { basePath } from '../../gia/schemas/index.ts';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import { type Answer, codeOf, send } from './support/wire.ts';

const tls = selfMade(['media.bobchat.example', 'inside.bobchat.example'], Date.now());
const file = randomBytes(100_000);
/** By name, where it is said to be. */
const hosts: Record<string, string[]> = {
  'media.bobchat.example': ['127.0.0.1'],
  'inside.bobchat.example': ['10.0.0.1'],
  'evil.example': ['127.0.0.1'],
  'x.media.bobchat.example': ['127.0.0.1'],
};
/** Only of this test: one name is let through to this machine. */
const gatekeeper = useGatekeeper({
  net: {
    resolve: async (host) => (hosts[host] ?? []).map((address) => ({ address, family: 4 })),
    isAllowed: (address) => address === '127.0.0.1' || isPublicAddress(address),
    ca: tls.cert,
  },
});
let alice: LocalUser;
let host: Server;
let port: number;

beforeAll(async () => {
  host = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    if (request.url === '/moved')
      return response.writeHead(302, { location: 'https://10.0.0.1/' }).end();
    if (request.url === '/huge')
      return response.writeHead(200, { 'content-length': 2 ** 40 }).end();
    if (request.url !== '/file') return response.writeHead(404).end();
    const [, start = '', end = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (start === '') return response.writeHead(200, { 'content-length': file.length }).end(file);
    const part = file.subarray(Number(start), Number(end) + 1);
    const range = {
      'content-range': `bytes ${start}-${end}/${file.length}`,
      'content-length': part.length,
    };
    return response.writeHead(206, range).end(part);
  });
  host.listen(0, '127.0.0.1');
  await once(host, 'listening');
  port = (host.address() as AddressInfo).port;
  await gatekeeper.provider('bobchat.example');
  alice = await gatekeeper.local('alice');
});

afterAll(() => {
  host.close();
  host.closeAllConnections();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  alice.call('GET', path, { headers });
const proxy = (url: string, headers: Record<string, string> = {}) =>
  get(`/media/proxy?u=${encodeURIComponent(url)}`, headers);

describe('the media proxy', () => {
  it('fetches a file of a provider, and ranges of it', async () => {
    const whole = await proxy(`https://media.bobchat.example:${port}/file`);
    expect(whole.status).toBe(200);
    expect(whole.bytes.equals(file)).toBe(true);
    const part = await proxy(`https://media.bobchat.example:${port}/file`, {
      range: 'bytes=10-19',
    });
    expect(part.status).toBe(206);
    expect(part.headers['content-range']).toBe(`bytes 10-19/${file.length}`);
    expect(part.bytes.equals(file.subarray(10, 20))).toBe(true);
  });

  it.each([
    ['a domain that was not agreed on', 'https://evil.example/file'],
    ['a name below one that was', 'https://x.media.bobchat.example/file'],
    ['a name that means an address within', 'https://inside.bobchat.example/file'],
    ['an address', 'https://127.0.0.1/file'],
    ['an address of six', 'https://[::1]/file'],
    ['an address in one number', 'https://2130706433/file'],
    ['http', 'http://media.bobchat.example/file'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['somebody with a password', 'https://a:b@media.bobchat.example/file'],
    ['no URL', 'media.bobchat.example'],
  ])('does not go to %s', async (_what, url) => {
    expect(codeOf(await proxy(url))).toBe('media_domain_not_allowed');
  });

  it('follows no redirect', async () => {
    expect(codeOf(await proxy(`https://media.bobchat.example:${port}/moved`))).toBe(
      'media_domain_not_allowed',
    );
  });

  it('looks anew where a name leads each time that it connects', async () => {
    const was = hosts['media.bobchat.example'];
    hosts['media.bobchat.example'] = ['127.0.0.1', '192.168.1.1'];
    await gatekeeper.restart();
    alice = await gatekeeper.login('alice', 'phone');
    expect(codeOf(await proxy(`https://media.bobchat.example:${port}/file`))).toBe(
      'media_domain_not_allowed',
    );
    hosts['media.bobchat.example'] = was ?? [];
  });

  it('refuses what is too large, is not there, or whose host is away', async () => {
    expect(codeOf(await proxy(`https://media.bobchat.example:${port}/huge`))).toBe(
      'payload_too_large',
    );
    expect(codeOf(await proxy(`https://media.bobchat.example:${port}/none`))).toBe('not_found');
    expect(codeOf(await proxy('https://media.bobchat.example:1/file'))).toBe('unavailable');
  });

  it('is for local users only', async () => {
    const other = await gatekeeper.provider('other.example');
    expect(
      codeOf(await other.call('GET', '/media/proxy?u=https://media.bobchat.example/file')),
    ).toBe('forbidden');
  });
});

describe('guardedUrl', () => {
  it('knows no address, no other scheme and nobody with a password, whatever was agreed on', () => {
    const wrong = [
      'https://10.0.0.1/',
      'https://[::1]/',
      'https://0x7f.1/',
      'http://a.example/',
      'https://u@a.example/',
    ];
    expect(wrong.map(guardedUrl)).toEqual(wrong.map(() => undefined));
    expect(guardedUrl('https://a.example/x')?.hostname).toBe('a.example');
  });
});

describe('isPublicAddress', () => {
  it.each([
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.1',
      '192.168.0.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
    ],
    ...[
      '255.255.255.255',
      '::',
      '::1',
      '::ffff:127.0.0.1',
      '64:ff9b::7f00:1',
      'fc00::1',
      'fe80::1',
      '2002:7f00:1::',
      'x',
    ],
  ])('lets nobody to %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])(
    'knows %s as one of the internet',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );
});

describe('an upload', () => {
  const sha256 = createHash('sha256').update(file).digest('base64url');
  const begin = async (more: object = {}) =>
    (await alice.call('POST', '/media', { body: { size_bytes: file.length, sha256, ...more } }))
      .body;
  const piece = (mediaId: string, offset: number, bytes: Uint8Array): Promise<Answer> =>
    send(gatekeeper.agent, {
      method: 'PATCH',
      url: `${gatekeeper.origin}${basePath}/media/${mediaId}`,
      headers: { authorization: `Bearer ${alice.token}`, 'upload-offset': String(offset) },
      body: bytes,
    });

  it('goes on where it broke off, after a restart too, and is had by a provider', async () => {
    const { media_id, url } = await begin();
    await piece(media_id, 0, file.subarray(0, 40_000));
    await gatekeeper.restart();
    const { body } = await get(`/media/${media_id}/state`);
    expect(body).toMatchObject({ offset_bytes: 40_000, complete: false });
    const wrong = await piece(media_id, 50_000, file.subarray(50_000));
    expect([codeOf(wrong), wrong.body.current]).toEqual(['conflict', 40_000]);
    expect(codeOf(await get(`/media/${media_id}`))).toBe('not_found');
    expect((await piece(media_id, 40_000, file.subarray(40_000))).body.complete).toBe(true);

    const provider = await gatekeeper.provider('fetcher.example');
    const path = url.slice(`${gatekeeper.origin}${basePath}`.length);
    expect((await provider.call('GET', path)).bytes.equals(file)).toBe(true);
    const part = await provider.call('GET', path, { headers: { range: 'bytes=99990-' } });
    expect([part.status, part.headers['content-range']]).toEqual([
      206,
      `bytes 99990-99999/${file.length}`,
    ]);
    expect(part.bytes.equals(file.subarray(99_990))).toBe(true);
  });

  it('of something else than was said is gone', async () => {
    const { media_id } = await begin();
    const refused = await piece(media_id, 0, Buffer.alloc(file.length));
    expect(codeOf(refused)).toBe('invalid_request');
    expect(codeOf(await get(`/media/${media_id}/state`))).toBe('not_found');
  });

  it('is never larger than was said', async () => {
    const { media_id } = await begin({ size_bytes: 10 });
    expect(codeOf(await piece(media_id, 0, file))).toBe('payload_too_large');
    expect(
      codeOf(await alice.call('POST', '/media', { body: { size_bytes: 2 ** 40, sha256 } })),
    ).toBe('invalid_request');
  });

  it('is of whoever began it', async () => {
    const { media_id } = await begin();
    const anna = await gatekeeper.local('anna');
    expect(codeOf(await anna.call('GET', `/media/${media_id}/state`))).toBe('not_found');
  });
});
