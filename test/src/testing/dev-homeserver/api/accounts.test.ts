import { describe, expect, it } from 'vitest';
import { clientOf, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { registration } from '../support/stub-appservice.ts';

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
