import { expect, it } from 'vitest';
import type { StateChange } from '../../ports/journal.ts';
import { bytes, network, type Open, voice, written } from './fixtures.ts';

export function stateContract(open: Open): void {
  valueContract(open);
  listContract(open);
}

function tools(open: Open) {
  const state = (change: StateChange, of = network) =>
    open.storage.journal.commit([{ kind: 'state', network: of, change }]);
  const get = (key: string, of = network) => open.storage.state.get(of, undefined, key);
  const list = async (prefix: string) => {
    const found: [string, number | undefined][] = [];
    for await (const [key, value] of open.storage.state.list(network, undefined, prefix))
      found.push([key, value[0]]);
    return found;
  };

  return { state, get, list };
}

function valueContract(open: Open): void {
  const { state, get } = tools(open);

  it('keeps a value, replaces it and deletes it', async () => {
    expect(await get('k')).toBeUndefined();
    await state({ key: 'k', value: bytes(1, 2) });
    await state({ key: 'empty', value: bytes() });
    await open.reopen();
    expect(await get('k')).toEqual(bytes(1, 2));
    expect(await get('empty')).toEqual(bytes());
    await state({ key: 'k', value: bytes(3) });
    expect(await get('k')).toEqual(bytes(3));
    await state({ key: 'k', value: null });
    expect(await get('k')).toBeUndefined();
  });

  it('keeps networks and voices apart', async () => {
    await state({ key: 'k', value: bytes(1) });
    await state({ key: 'k', value: bytes(2), voice });
    await state({ key: 'k', value: bytes(3) }, 'other');
    expect(await get('k')).toEqual(bytes(1));
    expect(await open.storage.state.get(network, voice, 'k')).toEqual(bytes(2));
    expect(await get('k', 'other')).toEqual(bytes(3));
  });

  it('writes only from what is there', async () => {
    expect(await state({ key: 'k', value: bytes(1), from: bytes(0) })).toBe('stale');
    expect(await state({ key: 'k', value: bytes(1), from: null })).toBe('written');
    expect(await state({ key: 'k', value: bytes(2), from: null })).toBe('stale');
    expect(await state({ key: 'k', value: bytes(2), from: bytes(1, 0) })).toBe('stale');
    expect(await state({ key: 'k', value: bytes(2), from: bytes(1) })).toBe('written');
    expect(await state({ key: 'k', value: null, from: bytes(1) })).toBe('stale');
    expect(await state({ key: 'k', value: null, from: bytes(2) })).toBe('written');
    expect(await get('k')).toBeUndefined();
  });

  it('compares with what was there before the commit, not with what comes in it', async () => {
    await state({ key: 'k', value: bytes(1) });
    const step = (value: number): StateChange => ({
      key: 'k',
      value: bytes(value),
      from: bytes(1),
    });
    await written(
      open.storage,
      { kind: 'state', network, change: step(2) },
      { kind: 'state', network, change: step(3) },
    );
    expect(await get('k')).toEqual(bytes(3));
  });
}

function listContract(open: Open): void {
  const { state, list } = tools(open);

  it('lists the keys with a prefix in byte order, however many', async () => {
    const keys = Array.from({ length: 300 }, (_, n) => `p/${String(n).padStart(3, '0')}`);
    const others = ['p', 'o/', 'q', 'p0', ''];
    for (const key of [...keys, ...others]) void state({ key, value: bytes(1) });
    await state({ key: 'p/\u{10FFFF}\u{10FFFF}', value: bytes(2) });
    await state({ key: 'p/\uFFFD', value: bytes(3) });
    const found = await list('p/');
    expect(found.map(([key]) => key)).toEqual([...keys, 'p/\uFFFD', 'p/\u{10FFFF}\u{10FFFF}']);
    expect(await list('')).toHaveLength(307);
    expect(await list('none')).toEqual([]);
  });

  it('lists while what it lists is written', async () => {
    for (const key of ['a', 'b', 'c']) await state({ key, value: bytes(1) });
    const seen: string[] = [];
    for await (const [key] of open.storage.state.list(network, undefined, '')) {
      seen.push(key);
      await state({ key, value: null });
    }
    expect(seen).toEqual(['a', 'b', 'c']);
    expect(await list('')).toEqual([]);
  });

  it('makes a fact once, also for two who ask at once', async () => {
    const { facts } = open.storage;
    let made = 0;
    const make = () => bytes(++made);
    const both = await Promise.all([facts.once('secret', make), facts.once('secret', make)]);
    expect(both).toEqual([bytes(1), bytes(1)]);
    await open.reopen();
    expect(await open.storage.facts.once('secret', make)).toEqual(bytes(1));
    expect(await open.storage.facts.once('other', make)).toEqual(bytes(2));
  });
}
