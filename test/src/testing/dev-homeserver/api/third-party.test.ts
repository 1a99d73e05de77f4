import { describe, expect, it } from 'vitest';
import { person } from '../support/api.ts';
import { homeserver, stubAppservice } from '../support/fixture.ts';
import { registration } from '../support/stub-appservice.ts';

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
