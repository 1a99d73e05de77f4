import { describe, expect, it } from 'vitest';
import { start } from './started-face.ts';

describe('paths', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/_matrix/app/v2/users/x'],
    ['PUT', '/_matrix/app/v1/transactions/'],
    ['PUT', '/_matrix/app/v1/transactions/1/2'],
    ['POST', '/_matrix/app/unstable/org.matrix.msc3983/keys/claim'],
  ])('%s %s is unknown', async (method, path) => {
    const { call } = await start();
    expect(await call(method, path)).toMatchObject({
      status: 404,
      json: { errcode: 'M_UNRECOGNIZED' },
    });
  });

  it('a wrong method is told from a wrong path', async () => {
    const { call } = await start();
    const answer = await call('POST', '/_matrix/app/v1/transactions/1', { body: '{}' });

    expect(answer).toMatchObject({ status: 405, json: { errcode: 'M_UNRECOGNIZED' } });
    expect(answer.headers.get('allow')).toBe('PUT');
  });

  it('the older ones without a prefix work', async () => {
    const { call, transactions } = await start();
    await call('PUT', '/transactions/1', { body: '{"events":[1]}' });

    expect(transactions).toHaveLength(1);
    expect((await call('GET', '/users/%40_db_a%2Fb%3Aexample.org')).status).toBe(200);
    expect((await call('GET', '/rooms/%23_db_%C3%BC%3Aexample.org')).status).toBe(200);
    expect((await call('GET', '/_matrix/app/unstable/thirdparty/protocol/chat')).status).toBe(200);
  });
});

describe('queries', () => {
  it.each([
    ['users/%40_db_a%2Fb%3Aexample.org', 200],
    ['users/%40_db_c%3Aexample.org', 404],
    ['rooms/%23_db_%C3%BC%3Aexample.org', 200],
    ['rooms/%23_db_x%3Aexample.org', 404],
  ])('%s: %d', async (path, status) => {
    const { call } = await start();
    const answer = await call('GET', `/_matrix/app/v1/${path}`);

    expect(answer.status).toBe(status);
    expect(answer.json).toEqual(
      status === 200 ? {} : { errcode: 'M_NOT_FOUND', error: expect.any(String) },
    );
  });

  it('never answers 200 when the handler fails', async () => {
    const fails = () => Promise.reject(new Error('no homeserver'));
    const { call } = await start({ userExists: fails, aliasExists: fails });

    expect((await call('GET', '/_matrix/app/v1/users/x')).status).toBe(500);
    expect((await call('GET', '/_matrix/app/v1/rooms/x')).status).toBe(500);
  });

  it('refuses a path that is not percent-encoded UTF-8', async () => {
    const { call } = await start();
    expect((await call('GET', '/_matrix/app/v1/users/%ff')).status).toBe(400);
  });
});

describe('third-party networks', () => {
  const at = (path: string) => `/_matrix/app/v1/thirdparty/${path}`;

  it('lists the networks behind a protocol, and what can be searched for there', async () => {
    const { call } = await start();
    const type = (name: string) => ({ placeholder: `a ${name}`, regexp: '.+' });
    expect((await call('GET', at('protocol/chat'))).json).toEqual({
      user_fields: ['network', 'nick'],
      location_fields: ['network', 'room'],
      icon: '',
      field_types: {
        network: { regexp: '[a-z0-9-]+', placeholder: 'one' },
        room: type('room'),
        nick: type('nick'),
      },
      instances: [{ desc: 'One', network_id: 'one', fields: { network: 'one' } }],
    });
  });

  it('shows the picture of each, and the first for their kind', async () => {
    const icon = 'mxc://example.org/two';
    const networks = [
      { id: 'one', displayName: 'One' },
      { id: 'two', displayName: 'Two', icon },
    ];
    const { call } = await start({ protocol: () => ({ displayName: 'Chat', networks }) });
    expect((await call('GET', at('protocol/chat'))).json).toMatchObject({
      icon,
      instances: [
        { desc: 'One', network_id: 'one', fields: {} },
        { desc: 'Two', network_id: 'two', fields: {}, icon },
      ],
    });
  });

  it('lists a protocol that cannot be searched', async () => {
    const { call } = await start();
    expect((await call('GET', at('protocol/mute'))).json).toEqual({
      user_fields: [],
      location_fields: [],
      icon: '',
      field_types: {},
      instances: [{ desc: 'One', network_id: 'one', fields: {} }],
    });
  });

  it('knows no other protocol', async () => {
    const { call } = await start();
    expect((await call('GET', at('protocol/x'))).status).toBe(404);
  });

  it('finds rooms and people by the names that they have there', async () => {
    const asked: object[] = [];
    const { call } = await start({
      find: async (wanted) => {
        asked.push(wanted);
        return [{ network: 'one', id: `the ${wanted.what}` }];
      },
    });
    expect((await call('GET', at('location/chat?network=one&room=%23x'))).json).toEqual([
      { alias: 'the chat', protocol: 'chat', fields: { network: 'one', room: '#x' } },
    ]);
    expect((await call('GET', at('user/chat?nick=bob'))).json).toEqual([
      { userid: 'the user', protocol: 'chat', fields: { network: 'one', nick: 'bob' } },
    ]);
    expect(asked).toEqual([
      { protocol: 'chat', what: 'chat', name: '#x', network: 'one' },
      { protocol: 'chat', what: 'user', name: 'bob' },
    ]);
  });

  it.each([
    'user',
    'location',
    'user/mute?nick=bob',
    'user/x?nick=bob',
    'user/chat?room=bob',
    'user/chat?nick=a&nick=b',
    'location/chat?alias=%23x',
  ])('finds nothing by %s', async (path) => {
    const find = () => Promise.reject(new Error('asked'));
    const { call } = await start({ find });
    expect(await call('GET', at(path))).toMatchObject({ status: 200, json: [] });
  });
});

describe('ping', () => {
  it('tells with which transaction id it came', async () => {
    const { call, pings } = await start();
    const answer = await call('POST', '/_matrix/app/v1/ping', { body: '{"transaction_id":"t1"}' });
    await call('POST', '/_matrix/app/v1/ping');

    expect(answer).toMatchObject({ status: 200, json: {} });
    expect(pings).toEqual(['t1', undefined]);
  });

  it('refuses a body that is not JSON', async () => {
    const { call, pings } = await start();
    const answer = await call('POST', '/_matrix/app/v1/ping', { body: '{' });

    expect(answer).toMatchObject({ status: 400, json: { errcode: 'M_NOT_JSON' } });
    expect(pings).toEqual([]);
  });
});
