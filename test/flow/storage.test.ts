import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { damage } from './support/damage.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;

/** Somebody else writes and does not end. */
async function lock(): Promise<{ free(): void }> {
  const other = new Sqlite(story.database, { timeout: 0 });
  // The bridge itself may have it for a moment.
  await until(() => other.exec('BEGIN EXCLUSIVE'));
  return {
    free() {
      other.exec('ROLLBACK');
      other.close();
    },
  };
}

const health = async () => {
  const answer = await fetch(`${story.url}/health`);
  return { status: answer.status, body: await answer.json() };
};

const numbered = (who: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `${who} ${from + n}`);

describe('a database that somebody else holds locked', () => {
  it('holds both directions up, and nothing is lost, doubled or reordered when it is free', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await carol.say('town', 'r 0');
    await arrives(story, 'town', 'm 0');
    await ann.hears(room, 'r 0');

    const held = await lock();
    const before = story.network.log().at(-1)?.seq ?? 0;
    for (const text of numbered('m', 1, 5)) await ann.say(room, text);
    for (const text of numbered('r', 1, 5)) await carol.say('town', text);
    await until(() => expect(story.log.join('\n')).toContain('another process holds its lock'));
    // Neither side was told that the bridge has it: the adapter does so by asking for what comes next.
    expect(story.homeserver.backlog('story')).toBeGreaterThanOrEqual(5);
    const acknowledged = story.network.requests().map((one) => /after=(\d+)/.exec(one)?.[1] ?? 0);
    expect(Math.max(...acknowledged.map(Number))).toBeLessThanOrEqual(before);
    held.free();

    await arrives(story, 'town', 'm 5');
    await ann.hears(room, 'r 5');
    expect(textsIn(story, 'town').filter((text) => text.startsWith('m'))).toEqual(
      numbered('m', 0, 5),
    );
    const here = (await ann.timeline(room)).map(({ content }) => String(content['body']));
    expect(here.filter((text) => /^r \d/.test(text))).toEqual(numbered('r', 0, 5));
  });

  it('leaves the bridge awake: it answers whoever asks for nothing that is on disk', async () => {
    story = await startStory();
    const held = await lock();
    const pushed = story.push('1', { events: [{ event_id: '$a', room_id: '!r' }] });
    const beganMs = performance.now();
    for (let n = 0; n < 20; n++) await health();
    expect(performance.now() - beganMs).toBeLessThan(2_000);
    held.free();
    expect(await pushed).toBe(200);
  });

  it('is told to whoever asks for the health of the bridge, until it is free', async () => {
    story = await startStory();
    expect(await health()).toEqual({ status: 200, body: { ok: true } });
    const held = await lock();
    const pushed = story.push('1', { events: [{ event_id: '$a', room_id: '!r' }] });
    await until(async () =>
      expect(await health()).toEqual({
        status: 503,
        body: { ok: false, reason: 'The database cannot be written: the log says why' },
      }),
    );
    held.free();
    expect(await pushed).toBe(200);
    expect(await health()).toEqual({ status: 200, body: { ok: true } });
  });

  it('does not hold up the end of the bridge, and what was not acknowledged comes again', async () => {
    story = await startStory();
    const { ann, carol, room } = await bridgedRoom(story);
    const held = await lock();
    await ann.say(room, 'm 1');
    await carol.say('town', 'r 1');
    await until(() => expect(story.homeserver.backlog('story')).toBeGreaterThan(0));
    const beganMs = performance.now();
    await story.stopBridge();
    expect(performance.now() - beganMs).toBeLessThan(5_000);
    held.free();
    await story.restartBridge();
    await arrives(story, 'town', 'm 1');
    await ann.hears(room, 'r 1');
    expect(textsIn(story, 'town').filter((text) => text === 'm 1')).toHaveLength(1);
  });
});

describe('a damaged database', () => {
  it('ends the bridge, and the homeserver keeps what could not be written', async () => {
    story = await startStory();
    const { ann, room } = await bridgedRoom(story);
    await story.stopBridge();
    damage(story.database, 'matrix_event');
    await story.restartBridge();
    await ann.say(room, 'too late');
    await expect(story.broken()).rejects.toThrow(/drawbridge\.db: it is damaged: .* backup/);
    expect(story.homeserver.backlog('story')).toBeGreaterThan(0);
    expect(story.log).toContainEqual(
      expect.stringMatching(/^error The bridge cannot go on and ends .*it is damaged/),
    );
  });
});
