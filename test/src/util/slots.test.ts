import { describe, expect, it } from 'vitest';
import { slots } from '../../../src/util/slots.ts';

const never = new AbortController().signal;

/** Whether each has been let in, once everything that can happen has happened. */
async function entered(...entries: readonly Promise<void>[]) {
  const states = entries.map(() => 'waits');
  for (const [n, entry] of entries.entries())
    entry.then(
      () => (states[n] = 'in'),
      () => (states[n] = 'gave up'),
    );
  await new Promise(setImmediate);
  return states;
}

describe('slots', () => {
  it('lets so many in, and the next when one leaves, in their order', async () => {
    const two = slots(2);
    const entries = [1, 2, 3, 4].map(() => two.enter(never));
    expect(await entered(...entries)).toEqual(['in', 'in', 'waits', 'waits']);
    two.leave();
    expect(await entered(...entries)).toEqual(['in', 'in', 'in', 'waits']);
    two.leave();
    two.leave();
    expect(await entered(...entries, two.enter(never))).toEqual(['in', 'in', 'in', 'in', 'in']);
    expect(await entered(two.enter(never))).toEqual(['waits']);
  });

  it('keeps no place for whoever gave up', async () => {
    const one = slots(1);
    await one.enter(never);
    const impatient = new AbortController();
    const entries = [one.enter(impatient.signal), one.enter(never)];
    impatient.abort();
    one.leave();
    expect(await entered(...entries)).toEqual(['gave up', 'in']);
  });

  it('lets nobody in who has given up before', async () => {
    await expect(slots(1).enter(AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  });
});
