import { describe, expect, it } from 'vitest';
import { person } from '../support/api.ts';
import { homeserver, stubAppservice } from '../support/fixture.ts';
import { actingAs, registration } from '../support/stub-appservice.ts';

const ping = (url: string, id = 'x', as = 'x') =>
  actingAs(url, undefined, as).post(`/_matrix/client/v1/appservice/${id}/ping`, {});

describe('POST /appservice/{id}/ping', () => {
  it('says what the appservice answered', async () => {
    const stub = await stubAppservice();
    const hs = await homeserver({ registrations: [registration(stub.url)] });
    stub.answer = async () => [418, 'short and stout'];
    expect(await ping(hs.url)).toMatchObject({
      status: 502,
      body: { errcode: 'M_BAD_STATUS', status: 418, body: 'short and stout' },
    });
    stub.answer = () => Promise.reject(new Error('gone'));
    expect(await ping(hs.url)).toMatchObject({
      status: 502,
      body: { errcode: 'M_CONNECTION_FAILED' },
    });
  });

  it('is for appservices that can be reached, each for itself', async () => {
    const registrations = [registration(null), registration('http://127.0.0.1:9', 'y')];
    const hs = await homeserver({ registrations });
    expect((await ping(hs.url)).body.errcode).toBe('M_URL_NOT_SET');
    expect((await ping(hs.url, 'x', 'y')).body.errcode).toBe('M_FORBIDDEN');
    expect((await ping(hs.url, 'y', 'y')).body.errcode).toBe('M_CONNECTION_FAILED');
    const alice = await person(hs, 'alice');
    const answer = await alice.post('/_matrix/client/v1/appservice/x/ping', {});
    expect([answer.status, answer.body.errcode]).toEqual([403, 'M_FORBIDDEN']);
  });
});

describe('GET /thirdparty', () => {
  it('passes on what appservices say of a network', async () => {
    const stub = await stubAppservice();
    const yaml = `${registration(stub.url)}protocols: [tin]\n`;
    const hs = await homeserver({ registrations: [yaml] });
    const alice = await person(hs, 'alice');
    stub.answer = async ({ path }) => {
      if (path === '/_matrix/app/v1/thirdparty/protocol/tin')
        return [200, '{"instances":[{"network_id":"cans","desc":"Cans"}]}'];
      if (path === '/_matrix/app/v1/thirdparty/user/tin?nick=a')
        return [200, '[{"userid":"@_x_a:hs.test","protocol":"tin","fields":{}},{"broken":1}]'];
      return [404, '{}'];
    };
    const protocol = {
      instances: [{ network_id: 'cans', desc: 'Cans', instance_id: 'x|cans' }],
    };
    expect((await alice.get('/thirdparty/protocols')).body).toEqual({ tin: protocol });
    expect((await alice.get('/thirdparty/protocol/tin')).body).toEqual(protocol);
    expect((await alice.get('/thirdparty/protocol/none')).status).toBe(404);
    const users = await alice.get('/thirdparty/user/tin', { query: { nick: 'a' } });
    expect(users.body.map((user: { userid: string }) => user.userid)).toEqual(['@_x_a:hs.test']);
  });
});
