import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { Overseer } from '../../../src/engine/overseer.ts';

const user = '@ann:x';
const idOf = (network: string) => `${network}/enlisted/${user}`;

/** Over networks `a` and `b`, on each of which Ann has a voice that is idle for 5 s, and open where it says so. */
function overseer({ open = ['a', 'b'] } = {}) {
  const closed: string[] = [];
  const rows = ['a', 'b'].map((network) => ({ id: idOf(network), network, kind: 'enlisted' }));
  const voices = {
    isOpen: (id: string) => open.map(idOf).includes(id),
    rest: async (id: string, why = '') => void closed.push(`${id} ${why}`.trim()),
    idle: (mostMs: (network: string) => number) =>
      rows
        .filter(({ network }) => mostMs(network) < 5_000)
        .map((row) => ({ ...row, idleMs: 5_000 })),
  };
  const byId = async (id: string) => rows.find((row) => row.id === id);
  const context = { networks: [{ id: 'a' }, { id: 'b' }], storage: { voices: { byId } } };
  return { closed, of: new Overseer(context as unknown as Context, { voices } as never) };
}

describe('Overseer', () => {
  it('closes what somebody has open on all networks, or on one, with the reason', async () => {
    const all = overseer();
    expect(await all.of.kill(user, { reason: 'so' })).toEqual([idOf('a'), idOf('b')]);
    expect(all.closed).toEqual([`${idOf('a')} so`, `${idOf('b')} so`]);
    const one = overseer();
    expect(await one.of.kill(user, { network: 'b' })).toEqual([idOf('b')]);
    expect(one.closed).toEqual([idOf('b')]);
  });

  it('closes nothing of somebody that is not open', async () => {
    const { of, closed } = overseer({ open: [] });
    expect(await of.kill(user, {})).toEqual([]);
    expect(await of.reap({ idleMs: 1 })).toEqual([]);
    expect(closed).toEqual([]);
  });

  it('reaps what is idle for so long, on all networks or on one', async () => {
    const { of, closed } = overseer();
    const idle = (network: string) => ({ voice: idOf(network), idleMs: 5_000 });
    expect(await of.reap({ idleMs: 5_000 })).toEqual([]);
    expect(await of.reap({ idleMs: 4_999, isDry: true })).toEqual([idle('a'), idle('b')]);
    expect(closed).toEqual([]);
    expect(await of.reap({ idleMs: 4_999, network: 'a' })).toEqual([idle('a')]);
    expect(closed).toEqual([idOf('a')]);
  });
});
