import { describe, expect, it } from 'vitest';
import type { LoopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { arrives, bridgedRoom, ghost, until } from './support/bridged-room.ts';
import type { MatrixPerson } from './support/matrix-person.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;

const types = (person: MatrixPerson, room: string, typing: boolean) =>
  person.ask('PUT', `${at(room)}/typing/${person.userId}`, { typing, timeout: 30_000 });
const reads = (person: MatrixPerson, room: string, event: string, kind = 'm.read') =>
  person.ask('POST', `${at(room)}/receipt/${kind}/${encodeURIComponent(event)}`, {});

/** What somebody over there hears in passing from now on. */
async function hearing(person: LoopbackPerson): Promise<() => Promise<readonly object[]>> {
  const heard: object[] = [];
  await person.events(0);
  return async () => {
    heard.push(...(await person.events(0)).hints);
    return heard;
  };
}

interface Ephemeral {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What somebody in a room is told of what others do in passing. */
async function shown(person: MatrixPerson, room: string): Promise<readonly Ephemeral[]> {
  const { rooms } = await person.ask<{
    rooms?: { join?: Record<string, { ephemeral: { events: Ephemeral[] } }> };
  }>('GET', '/sync');
  return rooms?.join?.[room]?.ephemeral.events ?? [];
}

/** Carol has heard Ann, whose voice is open then, and Ann has heard Carol. */
async function talking() {
  const scene = await bridgedRoom(story);
  const { ann, carol, room } = scene;
  const mine = await ann.say(room, 'hello');
  await arrives(story, 'town', 'hello');
  const theirs = await carol.say('town', 'hi');
  const { event_id: seen } = await ann.hears(room, 'hi');
  return { ...scene, mine, theirs, seen };
}

describe('typing', () => {
  it('is shown over there from its beginning to its end', async () => {
    story = await startStory();
    const { ann, carol, room } = await talking();
    const heard = await hearing(carol);
    await types(ann, room, true);
    await until(async () => expect(await heard()).toMatchObject([{ user: 'ann', chat: 'town' }]));
    await types(ann, room, false);
    await until(async () => expect(await heard()).toMatchObject([{}, { user: 'ann', forMs: 0 }]));
  });

  it('is shown in the room, and what a ghost types never goes back', async () => {
    story = await startStory();
    const { ann, carol, room } = await talking();
    const heard = await hearing(carol);
    await carol.typing('town', 20_000);
    await until(async () =>
      expect(await shown(ann, room)).toContainEqual(
        expect.objectContaining({ type: 'm.typing', content: { user_ids: [ghost('carol')] } }),
      ),
    );
    await types(ann, room, true);
    await until(async () =>
      expect(await heard()).toContainEqual(expect.objectContaining({ user: 'ann' })),
    );
    expect((await heard()).filter((hint) => 'user' in hint && hint.user !== 'ann')).toMatchObject([
      { user: 'carol', forMs: 20_000 },
    ]);
  });
});

describe('a read mark', () => {
  it('is shown over there, of the last part of what was read', async () => {
    story = await startStory();
    const { ann, carol, room, seen, theirs } = await talking();
    const heard = await hearing(carol);
    await reads(ann, room, seen);
    await until(async () =>
      expect(await heard()).toMatchObject([{ user: 'ann', chat: 'town', upTo: theirs }]),
    );
  });

  it('is shown in the room as that of the ghost', async () => {
    story = await startStory();
    const { ann, carol, room, mine } = await talking();
    const there = story.network.messages('town').find(({ text }) => text === 'hello');
    await carol.read('town', there?.id ?? '');
    await until(async () =>
      expect(await shown(ann, room)).toContainEqual(
        expect.objectContaining({
          type: 'm.receipt',
          content: { [mine]: { 'm.read': { [ghost('carol')]: expect.anything() } } },
        }),
      ),
    );
  });

  it('stays in Matrix if it is private, of what was not bridged, or of somebody without a voice', async () => {
    story = await startStory({
      bridge: { permissions: { '*': 'use', [`@eve:${'hs.test'}`]: 'relay' } },
    });
    const { ann, carol, room, seen, theirs } = await talking();
    const eve = await story.person('eve');
    await ann.invite(room, eve.userId);
    await eve.join(room);
    await eve.say(room, 'through the relay');
    await arrives(story, 'town', 'through the relay');
    const heard = await hearing(carol);
    await types(eve, room, true);
    await reads(eve, room, seen);
    await reads(ann, room, seen, 'm.read.private');
    const unbridged = await ann.state(room, 'm.room.topic', { topic: 'x' });
    await reads(ann, room, (unbridged as { event_id: string }).event_id);
    await types(ann, room, true);
    await until(async () => expect(await heard()).not.toEqual([]));
    expect(await heard()).toMatchObject([{ user: 'ann', forMs: 60_000 }]);
    expect(JSON.stringify(await heard())).not.toContain(theirs);
  });
});

describe('an ephemeral event', () => {
  it('that nobody understands is no reason to refuse a transaction', async () => {
    story = await startStory();
    const { ann, carol, room } = await talking();
    const heard = await hearing(carol);
    const ephemeral = [
      ...[null, 1, 'x', {}, { type: 'm.typing' }, { type: 'm.typing', room_id: room }],
      { type: 'm.typing', room_id: room, content: { user_ids: [null, {}, 'no id', '@x'] } },
      { type: 'm.receipt', room_id: room, content: { $x: { 'm.read': { '@x': null } }, $y: 3 } },
      { type: 'm.typing', room_id: room, content: { user_ids: [ann.userId] } },
    ];
    expect(await story.push('hints', { events: [], ephemeral })).toBe(200);
    await until(async () => expect(await heard()).toMatchObject([{ user: 'ann', forMs: 60_000 }]));
  });
});
