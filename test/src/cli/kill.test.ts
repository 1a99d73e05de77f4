import { describe, expect, it } from 'vitest';
import { whereRunning } from './running.ts';

describe('drawbridge kill', () => {
  it('hands over whom, where and why, and says what was closed and that it keeps nobody out', async () => {
    const asked: unknown[] = [];
    const kill = async (what: unknown) => {
      asked.push(what);
      return { closed: ['irc/enlisted/@ann:x'] };
    };
    const { code, out } = await whereRunning({ kill }, ['kill', '@ann:x', 'irc', '--reason', 'so']);
    expect(asked).toEqual([{ user: '@ann:x', network: 'irc', reason: 'so' }]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Closed: irc\/enlisted\/@ann:x\. What waits .* opens it again: “none”/);
    await whereRunning({ kill }, ['kill', '@bob:x']);
    expect(asked[1]).toEqual({ user: '@bob:x' });
  });

  it('says that nothing was open', async () => {
    const kill = async () => ({ closed: [] });
    const { out } = await whereRunning({ kill }, ['kill', '@ann:x']);
    expect(out).toBe('Nothing of @ann:x is open.');
  });
});
