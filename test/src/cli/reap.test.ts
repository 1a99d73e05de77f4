import { describe, expect, it } from 'vitest';
import { whereRunning } from './running.ts';

const HOUR_MS = 3_600_000;

describe('drawbridge reap', () => {
  it('names what was idle for so long, and says whether it is closed', async () => {
    const asked: unknown[] = [];
    const reap = async (how: unknown) => {
      asked.push(how);
      return { idle: [{ voice: 'a/enlisted/@ann:x', idleMs: 73 * HOUR_MS }] };
    };
    const { out } = await whereRunning({ reap }, ['reap', 'a', '--idle-days', '1.5']);
    expect(out).toBe('VOICE              IDLE\na/enlisted/@ann:x  3d\nClosed: 1');
    const dry = await whereRunning({ reap }, ['reap', '--idle-days', '2', '--dry-run']);
    expect(dry.out).toMatch(/To be closed: 1$/);
    expect(asked).toEqual([
      { network: 'a', isDry: false, idleMs: 36 * HOUR_MS },
      { isDry: true, idleMs: 48 * HOUR_MS },
    ]);
  });

  it.each([[[]], [['--idle-days', 'long']], [['--idle-days', '0']]])(
    'closes nothing where it is not said for how long: %j',
    async (args) => {
      const reap = () => Promise.reject(new Error('asked'));
      const { code, err } = await whereRunning({ reap }, ['reap', ...args]);
      expect([code, err]).toEqual([2, expect.stringContaining('--idle-days takes a number')]);
    },
  );
});
