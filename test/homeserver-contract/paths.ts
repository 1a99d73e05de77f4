import { expect, it } from 'vitest';
import { join, path, publicRoom } from '../src/testing/dev-homeserver/support/api.ts';
import { ghost } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, verdict } from './bench.ts';
import { lastEvent } from './look.ts';

export function pathClauses(open: Open): void {
  const odd = '../a/b c?d#e%f%2Fä+&=;';

  it('carries any sign in a state key, a type and a transaction id, percent-encoded', async () => {
    const { alice, room } = open();
    await alice.put(path`/rooms/${room}/state/${odd}/${odd}`, { a: 1 });
    expect(await lastEvent(alice, room)).toMatchObject({ type: odd, state_key: odd });
    const send = path`/rooms/${room}/send/${odd}/${odd}`;
    const { body } = await alice.put(send, { a: 2 });
    expect((await alice.put(send, { a: 3 })).body).toEqual(body);
    expect(await lastEvent(alice, room)).toMatchObject({ type: odd, content: { a: 2 } });
  });

  it('carries any sign in the name of a ghost', async () => {
    const { alice, one, url, name } = open();
    const somebody = await ghost(url, `_x_${name()}/b%2F c?d`);
    const room = await publicRoom(alice, one);
    expect(await verdict(join(somebody, room))).toBe('200');
    const member = path`/rooms/${room}/state/m.room.member/${somebody.userId}`;
    expect((await alice.get(member)).body.membership).toBe('join');
    const displayname = { displayname: 'Odd' };
    const to = path`/profile/${somebody.userId}/displayname`;
    expect(await verdict(somebody.put(to, displayname))).toBe('200');
    expect((await alice.get(path`/profile/${somebody.userId}`)).body).toEqual(displayname);
  });

  it('takes ids with their signs as they are, too', async () => {
    const { alice, room } = open();
    const { status, body } = await alice.get(`/rooms/${room}/joined_members`);
    expect([status, Object.keys(body.joined)]).toEqual([
      200,
      expect.arrayContaining([alice.userId]),
    ]);
  });

  it('is refused where it is not UTF-8 or not known', async () => {
    const { alice, url } = open();
    expect(await verdict(alice.get('/no/such/path'))).toBe('404 M_UNRECOGNIZED');
    expect(await verdict(alice.post('/account/whoami'))).toBe('405 M_UNRECOGNIZED');
    expect((await fetch(`${url}/_matrix/client/v3/profile/%ff`)).status).toBe(400);
  });
}
