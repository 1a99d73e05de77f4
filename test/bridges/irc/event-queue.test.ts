import { describe, expect, it, vi } from 'vitest';
import { EventQueue } from '../../../bridges/irc/event-queue.ts';
import { type RemoteEvent, remoteChatId, remoteUserId } from '../../../src/adapter/index.ts';

const who = remoteUserId('bob');
const event = (sentAtMs: number): RemoteEvent => ({
  kind: 'member',
  chat: remoteChatId('#a'),
  sentAtMs,
  sender: who,
  who,
  is: 'in',
});

/** A queue before a core that takes its time. */
function made() {
  const taken: number[][] = [];
  const gates: (() => void)[] = [];
  const pressure = { full: vi.fn(), drained: vi.fn(), broken: vi.fn() };
  const queue = new EventQueue(async (events) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    taken.push(events.map(({ sentAtMs }) => sentAtMs));
  }, pressure);
  const pass = async () => {
    await vi.waitFor(() => expect(gates.length).toBeGreaterThan(0));
    gates.shift()?.();
  };
  return { queue, taken, pass, pressure };
}

describe('EventQueue', () => {
  it('waits for each batch, and puts what came meanwhile into the next', async () => {
    const { queue, taken, pass } = made();
    queue.push([event(1)]);
    queue.push([event(2)]);
    queue.push([event(3), event(4)]);
    await pass();
    await pass();
    await queue.settled();
    expect(taken).toEqual([[1], [2, 3, 4]]);
  });

  it('settles only when all is taken', async () => {
    const { queue, taken, pass } = made();
    queue.push([event(1)]);
    let settled = false;
    const all = queue.settled().then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);
    await pass();
    await all;
    expect(taken).toEqual([[1]]);
  });

  it('tells the reader to hold on when too much waits, and to go on later', async () => {
    const { queue, pass, pressure } = made();
    queue.push([event(0)]);
    queue.push(Array.from({ length: 1_001 }, (_, n) => event(n)));
    expect(pressure.full).toHaveBeenCalledOnce();
    expect(pressure.drained).not.toHaveBeenCalled();
    await pass();
    await pass();
    await queue.settled();
    expect(pressure.drained).toHaveBeenCalledOnce();
  });

  it('hands over nothing more once the core could not store', async () => {
    const broken = vi.fn();
    const emit = vi.fn().mockRejectedValue(new Error('the disk is full'));
    const queue = new EventQueue(emit, { full: () => {}, drained: () => {}, broken });
    queue.push([event(1)]);
    await queue.settled();
    queue.push([event(2)]);
    await queue.settled();
    expect(emit).toHaveBeenCalledOnce();
    expect(broken).toHaveBeenCalledOnce();
  });
});
