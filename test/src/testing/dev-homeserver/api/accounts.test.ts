import { describe, expect, it } from 'vitest';
import { clientOf, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, ghost, registration } from '../support/stub-appservice.ts';

const dummy = { type: 'm.login.dummy' };
const register = (url: string, body: object) => clientOf(url, '').post('/register', body);

describe('POST /register', () => {
  it('asks a person for a stage first, and then makes the account and a session', async () => {
    const { url } = await homeserver();
    const asked = await register(url, { username: 'Alice', password: 'x' });
    expect(asked).toMatchObject({
      status: 401,
      body: { flows: [{ stages: ['m.login.dummy'] }], session: expect.any(String) },
    });
    const { body } = await register(url, { username: 'Alice', password: 'x', auth: dummy });
    expect(body).toMatchObject({ user_id: '@alice:hs.test', device_id: expect.any(String) });
    const me = clientOf(url, body.user_id, body.access_token);
    expect((await me.get('/account/whoami')).body).toEqual({
      user_id: '@alice:hs.test',
      is_guest: false,
      device_id: body.device_id,
    });
    expect((await me.get('/profile/@alice:hs.test')).body).toEqual({ displayname: 'alice' });
  });

  it.each([
    ['a name that is taken', { username: 'alice' }, 400, 'M_USER_IN_USE'],
    ['a name with a space', { username: 'a b' }, 400, 'M_INVALID_USERNAME'],
    ['a name that begins with _', { username: '_x_a' }, 400, 'M_INVALID_USERNAME'],
    ['a name of a namespace', { username: 'bot-x' }, 400, 'M_EXCLUSIVE'],
    ['no password', { username: 'new', password: undefined }, 400, 'M_MISSING_PARAM'],
  ])('refuses a person %s', async (_, body, status, errcode) => {
    const hs = await homeserver({ registrations: [registration(null)] });
    await person(hs, 'alice');
    const answer = await register(hs.url, { password: 'x', auth: dummy, ...body });
    expect([answer.status, answer.body.errcode]).toEqual([status, errcode]);
  });

  it.each([
    ['a user that exists', 'as-token-x', '_x_there', '400 M_USER_IN_USE'],
    ['a user outside its namespace', 'as-token-x', 'alice', '400 M_EXCLUSIVE'],
    ['a user without a token', undefined, '_x_new', '400 M_UNKNOWN'],
    ['a user with a wrong token', 'wrong', '_x_new', '401 M_UNKNOWN_TOKEN'],
  ])('refuses an appservice %s', async (_, token, username, expected) => {
    const { url } = await homeserver({ registrations: [registration(null)] });
    await ghost(url, '_x_there');
    const type = 'm.login.application_service';
    const { status, body } = await clientOf(url, '', token).post('/register', {
      type,
      username,
      inhibit_login: true,
    });
    expect(`${status} ${body.errcode}`).toBe(expected);
  });

  it('gives an appservice no session when it asks for none', async () => {
    const { url } = await homeserver({ registrations: [registration(null)] });
    const { body } = await actingAs(url).post('/register', {
      type: 'm.login.application_service',
      username: '_x_new',
      inhibit_login: true,
    });
    expect(body).toEqual({ user_id: '@_x_new:hs.test', home_server: 'hs.test' });
  });
});

describe('POST /login', () => {
  const login = (url: string, password: string) =>
    clientOf(url, '').post('/login', {
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: 'alice' },
      password,
    });

  it('opens a session for the right password only', async () => {
    const hs = await homeserver();
    await person(hs, 'alice');
    expect((await login(hs.url, 'wrong')).body.errcode).toBe('M_FORBIDDEN');
    const { body } = await login(hs.url, "alice's password");
    const me = clientOf(hs.url, body.user_id, body.access_token);
    expect((await me.get('/account/whoami')).body.device_id).toBe(body.device_id);
    expect((await clientOf(hs.url, '').get('/login')).body.flows).toContainEqual({
      type: 'm.login.password',
    });
  });

  it('ends with a logout, and the others go on', async () => {
    const hs = await homeserver();
    const first = await person(hs, 'alice');
    const { body } = await login(hs.url, "alice's password");
    const second = clientOf(hs.url, body.user_id, body.access_token);
    expect((await second.post('/logout')).status).toBe(200);
    expect((await second.get('/account/whoami')).body.errcode).toBe('M_UNKNOWN_TOKEN');
    expect((await first.get('/account/whoami')).status).toBe(200);
  });
});

describe('a request of an appservice', () => {
  it('is by its sender, or by whom it names in its namespace', async () => {
    const hs = await homeserver({ registrations: [registration(null)] });
    const { url } = hs;
    await person(hs, 'alice');
    await ghost(url, '_x_bob');
    const whoami = async (userId?: string) =>
      (await actingAs(url, userId).get('/account/whoami')).body;
    expect(await whoami()).toMatchObject({ user_id: '@sender-x:hs.test' });
    expect(await whoami('@_x_bob:hs.test')).toMatchObject({ user_id: '@_x_bob:hs.test' });
    expect(await whoami('@_x_unregistered:hs.test')).toMatchObject({ errcode: 'M_FORBIDDEN' });
    expect(await whoami('@alice:hs.test')).toMatchObject({ errcode: 'M_FORBIDDEN' });
  });

  it('may make a device and name it; one that there is not is refused', async () => {
    const { url } = await homeserver({ registrations: [registration(null)] });
    const bob = await ghost(url, '_x_bob');
    expect((await bob.put('/devices/ONE', { display_name: 'one' })).status).toBe(201);
    expect((await bob.put('/devices/ONE', { display_name: 'one' })).status).toBe(200);
    const as = (deviceId: string) => bob.get('/account/whoami', { query: { device_id: deviceId } });
    expect((await as('ONE')).body.device_id).toBe('ONE');
    expect((await as('TWO')).body.errcode).toBe('M_UNKNOWN_DEVICE');
  });

  it('is refused without a token, and with one in two places', async () => {
    const { url } = await homeserver({ registrations: [registration(null)] });
    expect(await clientOf(url, '').get('/account/whoami')).toMatchObject({
      status: 401,
      body: { errcode: 'M_MISSING_TOKEN' },
    });
    const both = actingAs(url).get('/account/whoami', { query: { access_token: 'as-token-x' } });
    expect((await both).body.errcode).toBe('M_MISSING_TOKEN');
    const inQuery = clientOf(url, '', undefined, { access_token: 'as-token-x' });
    expect((await inQuery.get('/account/whoami')).body.user_id).toBe('@sender-x:hs.test');
  });
});
