import { describe, expect, it, vi } from 'vitest';
import { SendQueue } from '../../../../bridges/irc/wire/send-queue.ts';
import { fakeClock } from '../../../../src/testing/index.ts';

function makeQueue() {
  const put: string[] = [];
  const clock = fakeClock();
  const limits = { burst: 3, intervalMs: 1_000, penaltyBytes: 0 };
  return { clock, put, queue: new SendQueue(limits, (line) => void put.push(line), clock) };
}

describe('SendQueue', () => {
  it('lets a burst through, then a line in each interval, in order, and drops none', async () => {
    const { clock, put, queue } = makeQueue();
    const lines = Array.from({ length: 8 }, (_, n) => `PRIVMSG #a ${n}`);
    const all = Promise.all(lines.map((line) => queue.write([line])));
    expect(put).toHaveLength(3);
    await clock.advance(2_000);
    expect(put).toHaveLength(5);
    await clock.advance(3_000);
    expect(put).toEqual(lines);
    await all;
  });

  it('puts nothing between lines that belong together', async () => {
    const { clock, put, queue } = makeQueue();
    const pairs = ['a', 'b', 'c'].map((name) => queue.write([`X ${name}`, `PING ${name}`]));
    await clock.advance(10_000);
    await Promise.all(pairs);
    expect(put).toEqual(['X a', 'PING a', 'X b', 'PING b', 'X c', 'PING c']);
  });

  it('lets an answer pass, and makes the others wait for it', async () => {
    const { clock, put, queue } = makeQueue();
    for (const n of [1, 2, 3]) void queue.write([`X ${n}`]);
    const fourth = queue.write(['X 4']);
    queue.writeNow('PONG x');
    expect(put.at(-1)).toBe('PONG x');
    await clock.advance(1_500);
    expect(put).not.toContain('X 4');
    await clock.advance(500);
    await fourth;
    expect(put).toContain('X 4');
  });

  it('takes a line back that is given up while it waits, and goes on with the next', async () => {
    const { clock, put, queue } = makeQueue();
    for (const n of [1, 2, 3]) void queue.write([`X ${n}`]);
    const giveUp = new AbortController();
    const given = queue.write(['X 4'], giveUp.signal);
    const next = queue.write(['X 5']);
    giveUp.abort(new Error('too late'));
    await expect(given).rejects.toThrow('too late');
    await clock.advance(1_000);
    await next;
    expect(put).toEqual(['X 1', 'X 2', 'X 3', 'X 5']);
  });

  it('says at which moment a line was written', () => {
    const { queue } = makeQueue();
    const written = vi.fn();
    void queue.write(['X 1'], undefined, written);
    expect(written).toHaveBeenCalledOnce();
  });

  it('refuses what waits, and all that comes later, when it is closed', async () => {
    const { put, queue } = makeQueue();
    for (const n of [1, 2, 3]) void queue.write([`X ${n}`]);
    const waiting = queue.write(['X 4']);
    queue.close(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(queue.write(['X 5'])).rejects.toThrow('gone');
    queue.writeNow('PONG x');
    expect(put).toHaveLength(3);
  });

  it('writes nothing while the socket takes nothing', async () => {
    const { put, queue } = makeQueue();
    queue.hold();
    const line = queue.write(['X 1']);
    expect(put).toEqual([]);
    queue.release();
    await line;
    expect(put).toEqual(['X 1']);
  });

  it('is idle when a line could go at once', async () => {
    const { clock, queue } = makeQueue();
    expect(queue.isIdle).toBe(true);
    for (const n of [1, 2, 3]) void queue.write([`X ${n}`]);
    expect(queue.isIdle).toBe(false);
    await clock.advance(1_000);
    expect(queue.isIdle).toBe(true);
  });
});
