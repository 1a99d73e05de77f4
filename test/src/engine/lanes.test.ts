import { describe, expect, it } from 'vitest';
import { createLanes, type Turn } from '../../../src/engine/lanes.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const lines: string[] = [];
const log = (_level: string, message: string) => void lines.push(message);

/** Lanes whose turns end when the test says so. */
function heldLanes() {
  const clock = fakeClock();
  const turns: { key: string; end: (turn?: Turn) => void; fail: (error: Error) => void }[] = [];
  const lanes = createLanes<string>(
    'A test',
    (key) => new Promise<Turn>((end, fail) => turns.push({ key, end, fail })),
    { clock, log },
  );
  const keys = () => turns.map(({ key }) => key);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { clock, lanes, turns, keys, settle };
}

describe('createLanes', () => {
  it('works one turn of a key at a time, and another one if it was woken meanwhile', async () => {
    const { lanes, turns, keys, settle } = heldLanes();
    lanes.wake('a');
    lanes.wake('a');
    expect(keys()).toEqual(['a']);
    turns[0]?.end();
    await settle();
    expect(keys()).toEqual(['a', 'a']);
    turns[1]?.end();
    await settle();
    expect(keys()).toEqual(['a', 'a']);
  });

  it('works other keys while one hangs', () => {
    const { lanes, keys } = heldLanes();
    lanes.wake('stuck');
    lanes.wake('b');
    expect(keys()).toEqual(['stuck', 'b']);
  });

  it('works a lane that waits when its time has come, and not before', async () => {
    const { clock, lanes, turns, keys, settle } = heldLanes();
    lanes.wake('a');
    turns[0]?.end({ waitMs: 100 });
    await settle();
    await clock.advance(99);
    expect(keys()).toEqual(['a']);
    await clock.advance(1);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('works a lane that waits at once when it is woken or nudged', async () => {
    const { lanes, turns, keys, settle } = heldLanes();
    lanes.wake('a');
    turns[0]?.end({ waitMs: 1_000_000 });
    await settle();
    lanes.nudge();
    expect(keys()).toEqual(['a', 'a']);
    turns[1]?.end({ waitMs: 1_000_000 });
    await settle();
    lanes.wake('a');
    expect(keys()).toEqual(['a', 'a', 'a']);
  });

  it('tries a turn that broke again, after a rest, and says so', async () => {
    const { clock, lanes, turns, keys, settle } = heldLanes();
    lanes.wake('a');
    turns[0]?.fail(new Error('disk full'));
    await settle();
    expect(lines.at(-1)).toBe('A test lane broke off');
    await clock.advance(1_000);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('ends what is under way and begins nothing new when it drains', async () => {
    const { lanes, turns, keys, settle } = heldLanes();
    lanes.wake('a');
    lanes.wake('a');
    let drained = false;
    const draining = lanes.drain().then(() => (drained = true));
    lanes.wake('b');
    await settle();
    expect(drained).toBe(false);
    turns[0]?.end();
    await draining;
    expect(keys()).toEqual(['a']);
  });
});
