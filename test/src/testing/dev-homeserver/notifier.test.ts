import { describe, expect, it } from 'vitest';
import { Notifier } from '../../../../src/testing/dev-homeserver/notifier.ts';
import { fakeClock } from '../../../../src/testing/index.ts';

const never = new AbortController().signal;
const isAlice = (userId: string) => userId === 'alice';

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe('Notifier', () => {
  it('wakes all who wait for what concerns them, and nobody else', async () => {
    const clock = fakeClock();
    const notifier = new Notifier(clock);
    const waits = ['alice', 'alice', 'bob'].map((userId) => notifier.wait(userId, 1_000, never));
    notifier.wake(isAlice);
    expect(await Promise.all(waits.map(isDone))).toEqual([true, true, false]);
    expect(clock.waiting).toBe(1);
  });

  it('gives up after the time, and at once when nobody is there any more', async () => {
    const clock = fakeClock();
    const notifier = new Notifier(clock);
    const gone = new AbortController();
    const [patient, impatient] = [
      notifier.wait('alice', 1_000, never),
      notifier.wait('alice', 60_000, gone.signal),
    ];
    await clock.advance(999);
    expect(await isDone(patient)).toBe(false);
    await clock.advance(1);
    expect(await isDone(patient)).toBe(true);
    gone.abort();
    expect(await isDone(impatient)).toBe(true);
    expect(clock.waiting).toBe(0);
    expect(await isDone(notifier.wait('alice', 60_000, gone.signal))).toBe(true);
  });
});
