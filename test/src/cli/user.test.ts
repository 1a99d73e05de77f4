import { describe, expect, it } from 'vitest';
import { whereRunning } from './running.ts';

const calm = { isOptedOut: false, isHeldBack: false, waiting: 0, voices: [] };

describe('drawbridge user', () => {
  it('says of somebody what the bridge has of them, by network', async () => {
    const lastUsedAtMs = Date.now() - 3 * 60_000 - 500;
    const voices = [
      { kind: 'login', is: 'logged out' },
      { kind: 'enlisted', is: 'open', self: 'ann[m]', lastUsedAtMs },
    ];
    const networks = [
      { ...calm, network: 'a', isHeldBack: true, waiting: 4, voices },
      { ...calm, network: 'b', isOptedOut: true },
    ];
    const user = async (asked: unknown) => ({ ...(asked as object), permission: 'use', networks });
    const { out } = await whereRunning({ user }, ['user', '@ann:x']);
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['@ann:x has the permission “use”.'],
      ['NETWORK', 'VOICE', 'STATE', 'CALLED', 'LAST USED', 'WAITING', 'REMARKS'],
      ['a', 'login', 'logged out', '4', 'held back'],
      ['a', 'enlisted', 'open', 'ann[m]', '3m ago', '4', 'held back'],
      ['b', 'none', '0', 'opted out'],
    ]);
  });

  it('prints JSON for programs', async () => {
    const state = { user: '@ann:x', permission: 'none', networks: [] };
    const { out } = await whereRunning({ user: async () => state }, ['user', '@ann:x', '--json']);
    expect(JSON.parse(out)).toEqual(state);
  });
});
