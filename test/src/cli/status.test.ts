import { describe, expect, it } from 'vitest';
import { whereRunning } from './running.ts';

const calm = { isDraining: false, needRestart: [], policyProblems: {} };

/** What is printed where a bridge runs that stands so. */
const printed = async (state: object, ...args: readonly string[]) =>
  (await whereRunning({ state: async () => state }, ['status', ...args])).out;

describe('drawbridge status', () => {
  it('says of each network how it stands', async () => {
    const nowMs = Date.now();
    const lastError = { atMs: nowMs - 65_000, voice: 'b/enlisted/@ann:x', text: 'K-lined' };
    const networks = [
      { network: 'a', isOpen: false, voices: 0, heldBack: 0, problem: 'no such host' },
      { network: 'b', isOpen: true, voices: 12, heldBack: 1, lastError },
      { network: 'c', isOpen: true, voices: 3, heldBack: 0, problem: 'ping timeout' },
    ];
    const oldestAtMs = nowMs - 3 * 3_600_000 - 1_000;
    const amounts = [
      { network: 'b', direction: 'to_network', waiting: 4, dead: 1, oldestAtMs },
      { network: 'b', direction: 'to_matrix', waiting: 0, dead: 2 },
    ];
    const out = await printed({ ...calm, networks, amounts });
    expect(out.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NETWORK', 'STATE', 'VOICES', 'HELD BACK', 'WAITING', 'OLDEST', 'DEAD', 'LAST ERROR'],
      ['a', 'not open', '0', '0', '0 there, 0 here', '0', 'no such host'],
      ...[
        ['b', 'connected', '12', '1', '4 there, 0 here', '3h', '3'].concat(
          '1m ago, b/enlisted/@ann:x: K-lined',
        ),
      ],
      ['c', 'away', '3', '0', '0 there, 0 here', '0', 'ping timeout'],
    ]);
  });

  it('says what else is to be known', async () => {
    const out = await printed({
      ...{ networks: [], amounts: [], isDraining: true, needRestart: ['bridge.url'] },
      policyProblems: { '#bans:x': 'M_FORBIDDEN' },
    });
    expect(out.split('\n').slice(1)).toEqual([
      'It is draining, and ends after that.',
      'After the next start: bridge.url',
      'The policy room #bans:x cannot be read: M_FORBIDDEN',
    ]);
  });

  it('prints JSON for programs', async () => {
    const state = { ...calm, networks: [], amounts: [] };
    expect(JSON.parse(await printed(state, '--json'))).toEqual(state);
  });
});
