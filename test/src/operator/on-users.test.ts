import { describe, expect, it } from 'vitest';
import { onUsers } from '../../../src/operator/on-users.ts';

const done: unknown[] = [];
const overseer = {
  user: async (user: string) => ({ user }),
  kill: async (...what: unknown[]) => {
    done.push(what);
    return ['v'];
  },
  reap: async (how: object) => [how],
};
const ask = (what: string, asked: unknown) => onUsers(overseer, ['a', 'b'])[what]?.(asked);

describe('onUsers', () => {
  it('hands over what is asked', async () => {
    expect(await ask('user', { user: '@ann:x' })).toEqual({ user: '@ann:x' });
    expect(await ask('kill', { user: '@ann:x', network: 'b', reason: 'so' })).toEqual({
      closed: ['v'],
    });
    expect(done).toEqual([['@ann:x', { network: 'b', reason: 'so' }]]);
  });

  it('closes what is idle, of all networks and really, unless it is told otherwise', async () => {
    expect(await ask('reap', { idleMs: 1 })).toEqual({ idle: [{ idleMs: 1, isDry: false }] });
    const how = { idleMs: 1, isDry: true, network: 'a' };
    expect(await ask('reap', how)).toEqual({ idle: [how] });
    await expect(ask('reap', { idleMs: '1' })).rejects.toThrow('idleMs is to be a number');
    await expect(ask('reap', { idleMs: 1, network: 'c' })).rejects.toThrow('only a, b');
  });

  it.each([
    ['nobody', {}, 'named as @name:server, not with nothing'],
    ['what is no user', { user: 'ann' }, 'not ann'],
    ['an unknown network', { user: '@ann:x', network: 'c' }, 'no network c, only a, b'],
  ])('refuses %s', async (_, asked, why) => {
    await expect(ask('kill', asked)).rejects.toThrow(why);
  });
});
