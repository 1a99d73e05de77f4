import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveProvider } from '../../gatekeeper/admin/providers.ts';
import { selfMade } from '../../gatekeeper/tls/self-made.ts';
import { TestGatekeeper, useGatekeeper } from './support/gatekeeper.ts';
import { TestProvider, type TestUser } from './support/provider.ts';
import { hashOf } from './support/signer.ts';
import { codeOf, send } from './support/wire.ts';

const gatekeeper = useGatekeeper();
let provider: TestProvider;
let bob: TestUser;

beforeAll(async () => {
  provider = await gatekeeper.provider('bobchat.example');
  bob = await provider.enlist('bob');
});

const nowS = () => Math.floor(Date.now() / 1000);
const code = async (claims: Record<string, unknown>, typ?: string) =>
  codeOf(await provider.call('GET', `/users/${bob.ref}`, { claims, ...(typ && { typ }) }));

describe('a request token', () => {
  it('lets a provider in', async () => {
    expect(await code({})).toBe(200);
  });

  it('is refused when it is too old, of the future, or valid for too long', async () => {
    expect(await code({ iat: nowS() - 600, exp: nowS() - 400 })).toBe('token_expired');
    expect(await code({ iat: nowS() + 400, exp: nowS() + 500 })).toBe('token_expired');
    expect(await code({ exp: nowS() + 360 })).toBe('token_expired');
  });

  it('leaves clocks some room', async () => {
    expect(await code({ iat: nowS() - 100, exp: nowS() - 60 })).toBe(200);
    expect(await code({ iat: nowS() + 100, exp: nowS() + 200 })).toBe(200);
  });

  it.each([
    ['another gatekeeper', { aud: 'https://other.example' }],
    ['another method', { htm: 'POST' }],
    ['another URL', { htu: 'https://localhost/gia/v1/providers' }],
    ['another body', { bh: hashOf('{}') }],
    ['nobody known', { iss: 'mallory.example' }],
    ['nothing that is named', { jti: undefined }],
  ])('for %s is refused', async (_for, claims) => {
    expect(await code(claims)).toBe('unauthorized_provider');
  });

  it('of another kind is refused', async () => {
    expect(await code({}, 'gia-user+jwt')).toBe('unauthorized_provider');
    expect(await code({}, 'JWT')).toBe('unauthorized_provider');
  });

  it('of somebody else who says to be the provider is refused', async () => {
    const mallory = await TestProvider.make('bobchat.example', provider.place);
    expect(codeOf(await mallory.call('GET', `/users/${bob.ref}`))).toBe('unauthorized_provider');
  });

  it('counts once, and that is still so after a restart', async () => {
    const url = provider.url(`/users/${bob.ref}`);
    const headers = { authorization: `GIA ${await provider.token('GET', url, '')}` };
    const again = async () => codeOf(await send(gatekeeper.agent, { method: 'GET', url, headers }));

    expect(await again()).toBe(200);
    expect(await again()).toBe('token_replayed');
    await gatekeeper.restart();
    expect(await again()).toBe('token_replayed');
  });

  it('is not used up by a request whose body is another one', async () => {
    const url = provider.url('/events/ack');
    const body = JSON.stringify({ cursor: '1.x' });
    const headers = { authorization: `GIA ${await provider.token('POST', url, body)}` };
    const ack = async (sent: string) =>
      codeOf(await send(gatekeeper.agent, { method: 'POST', url, headers, body: sent }));

    expect(await ack('{"cursor":"2.x"}')).toBe('unauthorized_provider');
    expect(await ack(body)).toBe('invalid_request');
  });
});

describe('keys at a URL', () => {
  const hosts: Record<string, string> = {};
  const served: Record<string, unknown> = {};
  const tls = selfMade(['keys.far.example', 'keys.moved.far.example'], Date.now());
  const far = createServer({ cert: tls.cert, key: tls.key }, (request, response) => {
    const body = served[request.url ?? ''];
    if (body === undefined) response.writeHead(302, { location: 'https://near.example/' });
    response.end(JSON.stringify(body));
  });
  const other = new TestGatekeeper({
    net: {
      resolve: async (host) => [{ address: hosts[host] ?? '10.0.0.1', family: 4 }],
      isAllowed: (address) => address === '127.0.0.1',
      ca: tls.cert,
    },
  });
  beforeAll(async () => {
    await other.start();
    far.listen(0, '127.0.0.1');
    await once(far, 'listening');
  });
  afterAll(async () => {
    await other.remove();
    far.close();
    far.closeAllConnections();
  });

  async function connected(domain: string, path: string) {
    const it = await TestProvider.make(domain, other);
    const { jwks, ...request } = it.request;
    served['/keys'] = jwks;
    const jwks_uri = `https://keys.${domain}:${(far.address() as AddressInfo).port}${path}`;
    expect((await other.call('POST', '/provider-requests', { ...request, jwks_uri })).status).toBe(
      202,
    );
    moveProvider(other.admin, domain, { to: 'operational' });
    return async () => codeOf(await it.call('POST', '/events/ack', { body: { cursor: 'x' } }));
  }

  it('are fetched, and not from an address within', async () => {
    hosts['keys.far.example'] = '127.0.0.1';
    expect(await (await connected('far.example', '/keys'))()).toBe('invalid_request');
    expect(await (await connected('near.example', '/keys'))()).toBe('unavailable');
  });

  it('are not fetched from where that leads on', async () => {
    hosts['keys.moved.far.example'] = '127.0.0.1';
    expect(await (await connected('moved.far.example', '/moved'))()).toBe('unavailable');
  });
});

describe('GIA-User', () => {
  it('is needed where a call is one of a user', async () => {
    expect(codeOf(await provider.call('GET', '/conversations'))).toBe('invalid_request');
    expect(codeOf(await provider.call('GET', '/conversations', { as: bob.ref }))).toBe(200);
  });

  it('names a user of the provider, and nobody else', async () => {
    const other = await gatekeeper.provider('eve.example');
    const alice = await gatekeeper.local('alice');
    expect(codeOf(await other.call('GET', '/conversations', { as: bob.ref }))).toBe('not_found');
    expect(codeOf(await other.call('GET', '/conversations', { as: alice.ref }))).toBe('not_found');
  });
});

describe('a login', () => {
  it('needs the right name and the right password', async () => {
    const login = async (name: string, password: string) =>
      codeOf(await gatekeeper.call('POST', '/login', { name, password, device: 'phone' }));
    await gatekeeper.local('lena');

    expect(await login('lena', 'secret')).toBe(200);
    expect(await login('lena', 'wrong')).toBe('forbidden');
    expect(await login('nobody', 'secret')).toBe('forbidden');
    expect(await login('bob', 'secret')).toBe('forbidden');
  });

  it('makes a token of which the database keeps only a hash', async () => {
    const { token } = await gatekeeper.login('lena', 'desktop');
    const { readFileSync } = await import('node:fs');
    const files = ['gatekeeper.db', 'gatekeeper.db-wal'].map(
      (name) => `${gatekeeper.folder}/${name}`,
    );
    for (const file of files) expect(readFileSync(file).includes(token)).toBe(false);
  });

  it('is no login of a provider', async () => {
    const lena = await gatekeeper.login('lena', 'tablet');
    expect(codeOf(await lena.call('POST', '/users', { body: {} }))).toBe('forbidden');
    expect(
      codeOf(await gatekeeper.call('GET', '/blocks', undefined, { authorization: 'Bearer x' })),
    ).toBe('unauthorized_provider');
  });
});
