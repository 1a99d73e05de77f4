import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { systemClock } from '../../src/util/system-clock.ts';
import { arrives, bridgedRoom, textsIn, until } from './support/bridged-room.ts';
import { type Story, startStory } from './support/story.ts';

let story: Story;
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

/** The clock of a machine that may be set while the bridge is not running. */
function settableClock() {
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
  return { clock, set: (byMs: number) => (aheadMs += byMs) };
}

describe('a clock that is set while messages wait', () => {
  it.each([
    ['back by an hour', -HOUR_MS],
    ['forward by a day', 24 * HOUR_MS],
  ])('%s: none of them expires, and none waits longer for it', async (_, byMs) => {
    story = await startStory({ bridge: { maxAgeMs: HOUR_MS } });
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'm 0');
    await arrives(story, 'town', 'm 0');

    story.network.misbehave({ is: 'error', when: 'before' });
    await ann.say(room, 'm 1');
    await until(() => expect(story.log.join('\n')).toContain('A message waits'));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
    await ann.say(room, 'm 2');

    await arrives(story, 'town', 'm 2');
    expect(textsIn(story, 'town')).toEqual(['m 0', 'm 1', 'm 2']);
    await story.repair(async (repairs) => expect(await repairs.deadLetters(10)).toEqual([]));
  });
});

describe('a clock that is set between a stop and a start', () => {
  /** A message has failed once when the bridge is stopped, and fails once more after the start. */
  async function setMeanwhile(byMs: number) {
    const { clock, set } = settableClock();
    story = await startStory({ clock, bridge: { maxAgeMs: HOUR_MS } });
    const { ann, carol, room } = await bridgedRoom(story);
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');
    const on = 'POST /chats/town/messages';
    const tries = () => story.network.requests().filter((one) => one.startsWith(on)).length;
    const triedAgain = async (work: () => Promise<unknown>) => {
      const before = tries();
      await work();
      await until(() => expect(tries()).toBeGreaterThan(before));
    };
    story.network.misbehave({ is: 'error', when: 'before', on, times: 1_000 });
    await triedAgain(() => ann.say(room, 'm 1'));
    await story.stopBridge();
    set(byMs);
    await triedAgain(() => story.restartBridge());
    return { ann, carol, room };
  }

  /** What is said from now on goes over, behind what waited. */
  async function goesOn({ ann, carol, room }: Awaited<ReturnType<typeof setMeanwhile>>) {
    story.network.behave();
    await ann.say(room, 'm 2');
    await carol.say('town', 'r 1');
    await arrives(story, 'town', 'm 2');
    await ann.hears(room, 'r 1');
    const here = (await ann.texts(room)).filter((text) => text.includes(': r '));
    expect(here).toEqual(['bridge_loop_carol: r 0', 'bridge_loop_carol: r 1']);
    return textsIn(story, 'town').filter((text) => text.startsWith('m'));
  }

  it('back by an hour: all of it goes over, in order', async () => {
    const people = await setMeanwhile(-HOUR_MS);
    expect(await goesOn(people)).toEqual(['m 1', 'm 2']);
  });

  it('forward by a day: what fails again is too old, and its sender is told', async () => {
    const people = await setMeanwhile(24 * HOUR_MS);
    await people.ann.sees(people.room, ({ content }) =>
      String(content['body']).startsWith('It is unknown whether this has reached Loop'),
    );
    expect(await goesOn(people)).toEqual(['m 2']);
  });
});
