import { describe, expect, it } from 'vitest';
import { moveProvider } from '../../gatekeeper/admin/providers.ts';
import { useGatekeeper } from './support/gatekeeper.ts';
import { TestProvider } from './support/provider.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();

describe('a gatekeeper', () => {
  it('tells anybody who it is, what is enabled and where its documents are', async () => {
    const { body } = await gatekeeper.call('GET', '');

    expect(body).toMatchObject({
      domain: 'alicechat.example',
      levels: ['L1'],
      origin: gatekeeper.origin,
    });
    const document = await gatekeeper.call('GET', '/openapi.json');
    expect(document.body).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: gatekeeper.origin }],
    });
    const offer = await gatekeeper.call('GET', '/reference-offer.json');
    expect(offer.body).toMatchObject({ gatekeeper: 'alicechat.example', due_months: 3 });
  });

  it('refuses what there is not, and what belongs to a later level', async () => {
    expect(codeOf(await gatekeeper.call('GET', '/nothing'))).toBe('not_found');
    expect(codeOf(await gatekeeper.call('PUT', '/providers'))).toBe('not_found');
    expect(codeOf(await gatekeeper.call('POST', '/conversations/cv_1/members', {}))).toBe(
      'capability_not_enabled',
    );
    expect(codeOf(await gatekeeper.call('GET', '/calls/turn'))).toBe('capability_not_enabled');
  });

  it('speaks the version that it is asked for, or says that it does not', async () => {
    const fine = await gatekeeper.call('GET', '/providers', undefined, {
      'gia-version': '2026-11',
    });
    expect(fine.headers['gia-version']).toBe('2026-11');
    const other = await gatekeeper.call('GET', '/providers', undefined, {
      'gia-version': '2020-01',
    });
    expect(codeOf(other)).toBe('unsupported_version');
  });
});

describe('a provider request', () => {
  it('goes from requested to operational, with an answer due in three months', async () => {
    const provider = await TestProvider.make('carol.example', gatekeeper);
    const asked = await gatekeeper.call('POST', '/provider-requests', provider.request);
    const { request_id, state, requested_ms, due_ms } = asked.body;
    const stands = async () =>
      (await gatekeeper.call('GET', `/provider-requests/${request_id}`)).body;

    expect(state).toBe('requested');
    expect((due_ms - requested_ms) / 86_400_000).toBeGreaterThan(88);
    expect((due_ms - requested_ms) / 86_400_000).toBeLessThan(93);
    moveProvider(gatekeeper.admin, 'carol.example', {
      to: 'needs_info',
      note: 'who reads the mail?',
    });
    expect(await stands()).toMatchObject({ state: 'needs_info', note: 'who reads the mail?' });
    moveProvider(gatekeeper.admin, 'carol.example', { to: 'agreed' });
    expect(await stands()).toMatchObject({ state: 'agreed', integrator: expect.any(Number) });
    expect(codeOf(await provider.call('GET', '/events'))).toBe('unauthorized_provider');
    moveProvider(gatekeeper.admin, 'carol.example', { to: 'operational' });

    const { body } = await gatekeeper.call('GET', '/providers');
    expect(body.providers).toContainEqual(
      expect.objectContaining({
        ...{ domain: 'carol.example', media_domains: provider.request.media_domains },
      }),
    );
  });

  it('is refused for a domain that is there, and with keys of somebody else', async () => {
    const provider = await TestProvider.make('dave.example', gatekeeper);
    const { jwks: _, ...request } = provider.request;
    const elsewhere = { ...request, jwks_uri: 'https://evil.example/jwks.json' };
    expect(codeOf(await gatekeeper.call('POST', '/provider-requests', elsewhere))).toBe(
      'invalid_request',
    );
    expect((await gatekeeper.call('POST', '/provider-requests', provider.request)).status).toBe(
      202,
    );
    expect(codeOf(await gatekeeper.call('POST', '/provider-requests', provider.request))).toBe(
      'conflict',
    );
  });

  it('cannot skip a state', () => {
    expect(() => moveProvider(gatekeeper.admin, 'dave.example', { to: 'suspended' })).toThrow(
      'dave.example is requested; to be suspended it must be operational',
    );
  });

  it('that was granted can be suspended: calls are refused and the stream ends', async () => {
    const provider = await gatekeeper.provider('erin.example');
    const reader = await gatekeeper.reading(provider.events());
    moveProvider(gatekeeper.admin, 'erin.example', { to: 'suspended', note: 'spam' });
    await reader.until(({ type }) => type === 'provider.notice');

    expect(codeOf(await provider.call('GET', '/events'))).toBe('forbidden');
  });
});
