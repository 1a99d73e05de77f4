import { expect, it } from 'vitest';
import { clientOf, join, path } from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs, ghost } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';

const APPSERVICE = 'm.login.application_service';

export function registerClauses(open: Open): void {
  const register = (token: string | undefined, username: string) =>
    clientOf(open().url, '', token).post('/register', {
      type: APPSERVICE,
      username,
      inhibit_login: true,
    });

  it('makes a ghost for its appservice, without a session', async () => {
    const { name } = open();
    const localpart = `_x_${name()}`;
    const { status, body } = await register('as-token-x', localpart);
    expect([status, body]).toEqual([
      200,
      { user_id: `@${localpart}:hs.test`, home_server: 'hs.test' },
    ]);
  });

  it('refuses a ghost that there is already, one outside the namespace, and one without the right token', async () => {
    const { name } = open();
    const fresh = `_x_${name()}`;
    expect(await verdict(register('as-token-x', '_x_one'))).toBe('400 M_USER_IN_USE');
    expect(await verdict(register('as-token-x', name()))).toBe('400 M_EXCLUSIVE');
    expect(await verdict(register('as-token-x', `_slow_${name()}`))).toBe('400 M_EXCLUSIVE');
    expect(await verdict(register('wrong', fresh))).toBe('401 M_UNKNOWN_TOKEN');
    expect(await verdict(register(undefined, fresh))).toBe('400 M_UNKNOWN');
  });

  it('takes a localpart with capitals, spaces, colons and letters of any script', async () => {
    const { name } = open();
    for (const sign of ['A', ' ', ':', 'ä', '😀', '/', '%'])
      expect(await verdict(register('as-token-x', `_x_${name()}${sign}`))).toBe('200');
  });

  it('takes a localpart that is too long, who can then enter no room', async () => {
    const { url, name, room } = open();
    const long = await ghost(url, `_x_${name()}${'a'.repeat(250)}`);
    expect(await verdict(join(long, room))).toBe('413 M_TOO_LARGE');
  });

  it('keeps the names of an exclusive namespace from people', async () => {
    const { url } = open();
    const answer = clientOf(url, '').post('/register', {
      username: 'bot-x',
      password: 'secret',
      auth: { type: 'm.login.dummy' },
    });
    expect(await verdict(answer)).toBe('400 M_EXCLUSIVE');
  });

  it('calls somebody by their localpart at first', async () => {
    const { one } = open();
    expect((await one.get(path`/profile/${one.userId}`)).body).toEqual({ displayname: '_x_one' });
  });
}

export function masqueradeClauses(open: Open): void {
  const whoami = (userId?: string) => actingAs(open().url, userId).get('/account/whoami');

  it('is by the sender, or by whom it names', async () => {
    const { one } = open();
    expect((await whoami()).body).toEqual({ user_id: '@sender-x:hs.test', is_guest: false });
    expect((await whoami(one.userId)).body).toEqual({ user_id: one.userId, is_guest: false });
  });

  it('is refused for a user of its namespace that nobody registered, and for one of nobody’s', async () => {
    const { alice } = open();
    expect(await verdict(whoami('@_x_unregistered:hs.test'))).toBe('403 M_FORBIDDEN');
    expect(await verdict(whoami(alice.userId))).toBe('403 M_FORBIDDEN');
    expect(await verdict(whoami('@_slow_x:hs.test'))).toBe('403 M_FORBIDDEN');
  });

  it('is refused with a token that nobody has, or without one', async () => {
    const { url } = open();
    const ask = (token?: string) => clientOf(url, '', token).get('/account/whoami');
    expect(await verdict(ask('revoked'))).toBe('401 M_UNKNOWN_TOKEN');
    expect((await ask('revoked')).body.soft_logout).toBe(false);
    expect(await verdict(ask())).toBe('401 M_MISSING_TOKEN');
  });

  it('may have its token in the query instead, but not in both places', async () => {
    const { url } = open();
    const query = { access_token: 'as-token-x' };
    const inQuery = await clientOf(url, '').get('/account/whoami', { query });
    expect(inQuery.body.user_id).toBe('@sender-x:hs.test');
    const inBoth = actingAs(url).get('/account/whoami', { query });
    expect(await verdict(inBoth)).toBe('401 M_MISSING_TOKEN');
  });

  it('may name a device that was made for it, and no other', async () => {
    const { ghost: make } = open();
    const bob = await make();
    expect((await bob.put('/devices/ONE', { display_name: 'one' })).status).toBe(201);
    expect((await bob.put('/devices/ONE', { display_name: 'one' })).status).toBe(200);
    const as = (device: string) => bob.get('/account/whoami', { query: { device_id: device } });
    expect((await as('ONE')).body.device_id).toBe('ONE');
    expect(await verdict(as('TWO'))).toBe('400 M_UNKNOWN_DEVICE');
  });
}
