import { expect, it } from 'vitest';
import { createRoom, invite, join, path } from '../src/testing/dev-homeserver/support/api.ts';
import { actingAs } from '../src/testing/dev-homeserver/support/stub-appservice.ts';
import { type Open, until, verdict } from './bench.ts';
import { lastEvent } from './look.ts';

const field = (userId: string, name: string) => path`/profile/${userId}/${name}`;

export function profileClauses(open: Open): void {
  it('is set by oneself, and read by everybody', async () => {
    const { alice, ghost } = open();
    const somebody = await ghost();
    const { userId } = somebody;
    await somebody.put(field(userId, 'displayname'), { displayname: ' Bob (away) ' });
    await somebody.put(field(userId, 'avatar_url'), { avatar_url: 'mxc://hs.test/a' });
    const whole = { displayname: 'Bob (away)', avatar_url: 'mxc://hs.test/a' };
    expect((await alice.get(path`/profile/${userId}`)).body).toEqual(whole);
    expect((await alice.get(field(userId, 'displayname'))).body).toEqual({
      displayname: 'Bob (away)',
    });
    const another = alice.put(field(userId, 'displayname'), { displayname: 'x' });
    expect(await verdict(another)).toBe('400 M_FORBIDDEN');
  });

  it('goes into every room that somebody is in, and into an invitation', async () => {
    const { alice, ghost } = open();
    const somebody = await ghost();
    const room = await createRoom(alice, { preset: 'public_chat' });
    await join(somebody, room);
    const put = (displayname: string) =>
      somebody.put(field(somebody.userId, 'displayname'), { displayname });
    await put('Renamed');
    // A while after the answer.
    await until(async () =>
      expect(await lastEvent(alice, room)).toMatchObject({
        sender: somebody.userId,
        state_key: somebody.userId,
        content: { membership: 'join', displayname: 'Renamed' },
        unsigned: { prev_content: { membership: 'join' } },
      }),
    );
    const other = await createRoom(alice);
    await invite(alice, other, somebody.userId);
    expect((await lastEvent(alice, other)).content).toEqual({
      membership: 'invite',
      displayname: 'Renamed',
    });
  });

  it('is not there for somebody who was never registered', async () => {
    const { alice } = open();
    expect(await verdict(alice.get(path`/profile/${'@none:hs.test'}`))).toBe('404 M_UNKNOWN');
    expect(await verdict(alice.get(field('@none:hs.test', 'displayname')))).toBe('404 M_NOT_FOUND');
  });

  it('takes names of 256 letters of any width, and none longer', async () => {
    const { one } = open();
    const put = (displayname: unknown) =>
      verdict(one.put(field(one.userId, 'displayname'), { displayname }));
    expect(await put('😀'.repeat(256))).toBe('200');
    expect(await put('a'.repeat(257))).toBe('400 M_UNKNOWN');
    expect(await put(5)).toBe('400 M_INVALID_PARAM');
    expect(await verdict(one.put(field(one.userId, 'displayname'), {}))).toBe(
      '400 M_MISSING_PARAM',
    );
    expect(await put('_x_one')).toBe('200');
  });

  it('has other fields, too', async () => {
    const { one, name } = open();
    const key = `x.${name()}`;
    const to = field(one.userId, key);
    expect(await verdict(one.get(to))).toBe('404 M_NOT_FOUND');
    expect(await verdict(one.put(to, { [key]: { a: 1 } }))).toBe('200');
    expect((await one.get(to)).body).toEqual({ [key]: { a: 1 } });
    expect(await verdict(one.delete(to))).toBe('200');
    expect(await verdict(one.get(to))).toBe('404 M_NOT_FOUND');
    expect((await one.get(field(one.userId, 'avatar_url'))).body).toEqual({});
    const long = 'k'.repeat(256);
    expect(await verdict(one.put(field(one.userId, long), { [long]: 1 }))).toBe(
      '400 M_KEY_TOO_LARGE',
    );
  });

  it('is there for the sender of an appservice, too', async () => {
    const { url } = open();
    const sender = actingAs(url);
    const name = { displayname: 'The bridge' };
    expect(await verdict(sender.put(field(sender.userId, 'displayname'), name))).toBe('200');
    expect((await sender.get(path`/profile/${sender.userId}`)).body).toEqual(name);
  });
}
