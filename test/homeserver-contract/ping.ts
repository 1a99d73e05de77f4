import { expect, it } from 'vitest';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';

export function pingClauses(open: Open): void {
  const ping = (id = 'x', as = id) =>
    actingAs(open().url, undefined, as).post(`/_matrix/client/v1/appservice/${id}/ping`, {
      transaction_id: 'mine',
    });

  it('reaches the appservice, with the id that it was asked with', async () => {
    const { x } = open();
    const before = x.pushed.length;
    const { status, body } = await ping();
    expect([status, body]).toEqual([200, { duration_ms: expect.any(Number) }]);
    expect(x.pushed.slice(before).find((one) => one.path.endsWith('/ping'))).toMatchObject({
      method: 'POST',
      path: '/_matrix/app/v1/ping',
      authorization: 'Bearer hs-token-x',
      body: { transaction_id: 'mine' },
    });
  });

  it('passes on a bad status with the words that came with it', async () => {
    const { x } = open();
    x.answer = async ({ path: to }) =>
      to.endsWith('/ping') ? [418, 'short and stout'] : [200, '{}'];
    expect(await ping()).toMatchObject({
      status: 502,
      body: { errcode: 'M_BAD_STATUS', status: 418, body: 'short and stout' },
    });
  });

  it('fails where nobody listens, or does not speak JSON', async () => {
    const { x } = open();
    expect(await verdict(ping('away'))).toBe('502 M_CONNECTION_FAILED');
    x.answer = async ({ path: to }) => [200, to.endsWith('/ping') ? 'ok' : '{}'];
    expect(await verdict(ping())).toBe('502 M_CONNECTION_FAILED');
  });

  it('counts it as a time-out where the connection breaks without an answer', async () => {
    const { x } = open();
    x.answer = async ({ path: to }) => {
      if (to.endsWith('/ping')) throw new Error('Cut off');
      return [200, '{}'];
    };
    expect(await verdict(ping())).toBe('504 M_CONNECTION_TIMEOUT');
  });

  it('is for appservices that can be called, each for itself', async () => {
    const { alice } = open();
    expect(await verdict(ping('deaf'))).toBe('400 M_URL_NOT_SET');
    expect(await verdict(ping('x', 'slow'))).toBe('403 M_FORBIDDEN');
    const byPerson = alice.post('/_matrix/client/v1/appservice/x/ping', {});
    expect(await verdict(byPerson)).toBe('403 M_FORBIDDEN');
  });
}
