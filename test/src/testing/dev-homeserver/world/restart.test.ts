import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { describe, expect, it } from 'vitest';
import { at, createRoom, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver, temporaryDir } from '../support/fixture.ts';

/** What somebody can read of a homeserver. */
async function everything(who: Awaited<ReturnType<typeof person>>, room: string) {
  const get = async (to: string, query: Record<string, string> = {}) =>
    (await who.get(to, { query })).body;
  return {
    whoami: await get('/account/whoami'),
    devices: await get('/devices'),
    profile: await get(path`/profile/${who.userId}`),
    rooms: await get('/joined_rooms'),
    members: await get(path`/rooms/${room}/joined_members`),
    alias: await get(path`/directory/room/${'#tea:hs.test'}`),
    data: await get(path`/user/${who.userId}/account_data/x.y`),
    filter: await get(path`/user/${who.userId}/filter/0`),
    listed: await get(path`/directory/list/room/${room}`),
  };
}

const lived = async (dir: string) => {
  const hs = await homeserver({ dir });
  const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
  const room = await createRoom(alice, {
    preset: 'public_chat',
    visibility: 'public',
    room_alias_name: 'tea',
  });
  await join(bob, room);
  const { body } = await say(bob, room, 'oops');
  await bob.put(path`/rooms/${room}/redact/${body.event_id}/1`, {});
  await alice.put(path`/profile/${alice.userId}/displayname`, { displayname: 'Alice' });
  await alice.put(path`/user/${alice.userId}/account_data/x.y`, { a: 1 });
  await alice.post(path`/user/${alice.userId}/filter`, { room: {} });
  return { hs, alice, bob, room };
};

describe('a homeserver with a folder', () => {
  it('is the same after a restart', async () => {
    const dir = temporaryDir();
    const { hs, alice, room } = await lived(dir);
    const before = [await everything(alice, room), hs.timeline(room)];
    await hs.close();
    const again = await homeserver({ dir });
    expect([await everything(at(again, alice), room), again.timeline(room)]).toEqual(before);
    expect((await say(at(again, alice), room, 'and on')).status).toBe(200);
  });

  it('takes off a last line that was cut short', async () => {
    const dir = temporaryDir();
    const { hs, alice, room } = await lived(dir);
    const { body } = await say(alice, room, 'whole');
    await hs.close();
    appendFileSync(joinPath(dir, 'journal.jsonl'), '{"kind":"event","ev');
    const again = await homeserver({ dir });
    expect(again.timeline(room).at(-1)?.event_id).toBe(body.event_id);
    await say(at(again, alice), room, 'after');
    await again.close();
    expect((await homeserver({ dir })).timeline(room).at(-1)?.content['body']).toBe('after');
  });

  it('does not start from a journal that is damaged, and says where', async () => {
    const dir = temporaryDir();
    const { hs } = await lived(dir);
    await hs.close();
    const file = joinPath(dir, 'journal.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = '{broken';
    writeFileSync(file, lines.join('\n'));
    await expect(homeserver({ dir })).rejects.toThrow(/journal\.jsonl:3 is not JSON/);
  });

  it('keeps no password in the clear', async () => {
    const dir = temporaryDir();
    const { hs } = await lived(dir);
    await hs.close();
    expect(readFileSync(joinPath(dir, 'journal.jsonl'), 'utf8')).not.toContain("alice's password");
  });
});

describe('two homeservers', () => {
  it('share nothing', async () => {
    const [one, two] = [await homeserver(), await homeserver()];
    const alice = await person(one, 'alice');
    await publicRoom(alice);
    expect([one.rooms().length, two.rooms().length]).toEqual([1, 0]);
    expect((await at(two, alice).get('/account/whoami')).status).toBe(401);
  });
});
