import { expect, it } from 'vitest';
import { type Client, path, publicRoom, say } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, until, verdict } from './bench.ts';

type Edu = { type: string; room_id?: string; content: Record<string, unknown> };

export function typingClauses(open: Open): void {
  const type = (who: Client, room: string, typing: boolean, userId = who.userId) =>
    who.put(path`/rooms/${room}/typing/${userId}`, { typing, timeout: 20_000 });

  it('is told to an appservice, with all who type, and when they stop', async () => {
    const { alice, one } = open();
    const room = await publicRoom(alice, one);
    const told = () => edusIn(open, room).map(({ content }) => content['user_ids']);
    await type(alice, room, true);
    await until(() => expect(told()).toEqual([[alice.userId]]));
    await type(one, room, true);
    await until(() => expect(told()).toHaveLength(2));
    expect([...(told()[1] as string[])].sort()).toEqual([one.userId, alice.userId]);
    await type(alice, room, false);
    await until(() => expect(told().slice(2)).toEqual([[one.userId]]));
  });

  it('is for members, of themselves', async () => {
    const { alice, bob, one } = open();
    const room = await publicRoom(alice);
    expect(await verdict(type(alice, room, true, bob.userId))).toBe('400 M_FORBIDDEN');
    expect(await verdict(type(one, room, true))).toBe('403 M_FORBIDDEN');
  });
}

export function receiptClauses(open: Open): void {
  const read = (who: Client, room: string, kind: string, eventId: string) =>
    who.post(path`/rooms/${room}/receipt/${kind}/${eventId}`, {});

  it('is told to an appservice, and a private one only of its own users', async () => {
    const { alice, one } = open();
    const room = await publicRoom(alice, one);
    const eventId = (await say(alice, room, 'read me')).body.event_id;
    await read(alice, room, 'm.read.private', eventId);
    await read(one, room, 'm.read.private', eventId);
    await read(alice, room, 'm.read', eventId);
    const told = () =>
      edusIn(open, room).flatMap(({ content }) =>
        Object.entries(content[eventId] as Record<string, Record<string, object>>).flatMap(
          ([kind, by]) => Object.keys(by).map((userId) => [kind, userId]),
        ),
      );
    await until(() => expect(told()).toContainEqual(['m.read', alice.userId]));
    expect(told()).toContainEqual(['m.read.private', one.userId]);
    expect(told()).toHaveLength(2);
  });

  it('is for members, and of a kind that there is', async () => {
    const { alice, bob } = open();
    const room = await publicRoom(alice);
    const eventId = (await say(alice, room, 'x')).body.event_id;
    expect(await verdict(read(alice, room, 'm.seen', eventId))).toBe('400 M_UNKNOWN');
    expect(await verdict(read(bob, room, 'm.read', eventId))).toBe('403 M_FORBIDDEN');
  });

  it('comes under both its names in one transaction, to an appservice that asked for both', async () => {
    const { alice, one, x } = open();
    const room = await publicRoom(alice, one);
    await read(alice, room, 'm.read', (await say(alice, room, 'x')).body.event_id);
    await until(() => expect(edusIn(open, room)).toHaveLength(1));
    const both = x.transactions.filter(({ body }) =>
      JSON.stringify(body.ephemeral)?.includes(room),
    );
    for (const { body } of both)
      expect(body['de.sorunome.msc2409.ephemeral']).toEqual(body.ephemeral);
  });
}

const edusIn = (open: Open, room: string): readonly Edu[] =>
  open()
    .x.transactions.flatMap(({ body }): Edu[] => body.ephemeral ?? [])
    .filter((edu) => edu.room_id === room);
