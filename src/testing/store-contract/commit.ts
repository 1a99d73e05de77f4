import { expect, it } from 'vitest';
import type { StateChange } from '../../ports/journal.ts';
import {
  bytes,
  ended,
  linkPortal,
  makeDelivery,
  matrixEvents,
  network,
  type Open,
  partSent,
  remoteEvents,
  said,
  waitingEvents,
  waitingMessages,
  written,
} from './fixtures.ts';

const state = (change: StateChange) => ({ kind: 'state', network, change }) as const;
const key = 'ratchet';

export function commitContract(open: Open): void {
  sharedCommits(open);
  badCommits(open);
}

function sharedCommits(open: Open): void {
  it('keeps all of a commit, also when it is opened again', async () => {
    await written(
      open.storage,
      matrixEvents('a'),
      remoteEvents(said('m')),
      state({ key, value: bytes(1) }),
    );
    await open.reopen();
    expect(await waitingEvents(open.storage)).toEqual(['$a']);
    expect(await waitingMessages(open.storage)).toEqual(['m']);
    expect(await open.storage.state.get(network, undefined, key)).toEqual(bytes(1));
  });

  it('answers stale, and keeps nothing of it, when a `from` does not hold', async () => {
    const { journal, state: states } = open.storage;
    const stale = await journal.commit([
      matrixEvents('a'),
      state({ key: 'other', value: bytes(9) }),
      state({ key, value: bytes(2), from: bytes(1) }),
    ]);
    expect(stale).toBe('stale');
    expect(await waitingEvents(open.storage)).toEqual([]);
    expect(await states.get(network, undefined, 'other')).toBeUndefined();
  });

  it('lets only one of two concurrent steps from one state through, and all else with it', async () => {
    const { journal } = open.storage;
    const step = (id: string, value: number) =>
      journal.commit([matrixEvents(id), state({ key, value: bytes(value), from: null })]);
    const answers = await Promise.all([
      step('a', 1),
      step('b', 2),
      journal.commit([matrixEvents('c')]),
    ]);
    expect(answers).toEqual(['written', 'stale', 'written']);
    expect(await waitingEvents(open.storage)).toEqual(['$a', '$c']);
    expect(await open.storage.state.get(network, undefined, key)).toEqual(bytes(1));
  });

  it('keeps concurrent commits in the order of the calls', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `e${index}`);
    await Promise.all(ids.map((id) => written(open.storage, matrixEvents(id))));
    expect(await waitingEvents(open.storage)).toEqual(ids.map((id) => `$${id}`));
  });
}

function badCommits(open: Open): void {
  it('rejects a write that makes no sense, keeps nothing of it, and harms no other caller', async () => {
    const { journal } = open.storage;
    const [bad, good] = await Promise.allSettled([
      journal.commit([matrixEvents('a'), ended(404, 'delivered')]),
      journal.commit([matrixEvents('b')]),
    ]);
    expect(bad).toMatchObject({ reason: { message: expect.stringContaining('404') } });
    expect(good).toEqual({ status: 'fulfilled', value: 'written' });
    expect(await waitingEvents(open.storage)).toEqual(['$b']);
  });

  it('rejects a part that was never begun, and an event that is understood already', async () => {
    const portal = await linkPortal(open.storage);
    const { id } = await makeDelivery(open.storage, portal.id, 'a');
    const { journal } = open.storage;
    await expect(journal.commit([partSent(id, 0, 'm')])).rejects.toThrow('part 0');
    const again = { kind: 'deliveries', of: '$a', portals: [portal.id] } as const;
    await expect(journal.commit([again])).rejects.toThrow('$a');
  });

  it('takes what it is given at the time of the call', async () => {
    const value = bytes(1);
    const committed = open.storage.journal.commit([state({ key, value })]);
    value[0] = 2;
    await committed;
    expect(await open.storage.state.get(network, undefined, key)).toEqual(bytes(1));
  });

  it('has nothing to do for an empty commit', async () => {
    expect(await open.storage.journal.commit([])).toBe('written');
  });

  it('shows at once what is wanted soon, and keeps it', async () => {
    const { journal } = open.storage;
    const committed = journal.commit([matrixEvents('a')], 'soon');
    expect(await waitingEvents(open.storage)).toEqual(['$a']);
    expect(await committed).toBe('written');
    await open.reopen();
    expect(await waitingEvents(open.storage)).toEqual(['$a']);
  });

  it('writes down what was handed over before it closes', async () => {
    const { storage } = open;
    const soon = storage.journal.commit([matrixEvents('b')], 'soon');
    const committed = storage.journal.commit([matrixEvents('a')]);
    await open.reopen();
    expect([await committed, await soon]).toEqual(['written', 'written']);
    expect(await waitingEvents(open.storage)).toEqual(['$b', '$a']);
  });
}
