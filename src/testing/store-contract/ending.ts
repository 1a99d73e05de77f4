import { expect, it } from 'vitest';
import {
  ended,
  linkPortal,
  makeBegun,
  makeDelivery,
  matrixEvents,
  type Open,
  partSent,
  waitingDeliveries,
  written,
} from './fixtures.ts';

export function endingContract(open: Open): void {
  it.each(['delivered', 'failed', 'unknown'] as const)('leaves its lane as %s', async (as) => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { id } = await makeDelivery(storage, portal.id, 'a');
    await makeDelivery(storage, portal.id, 'b');
    await written(storage, ended(id, as));
    expect(await waitingDeliveries(storage, portal.id)).toEqual(['$b']);
  });

  it('forgets what was delivered', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    await written(storage, partSent(id, 0, 'm'), ended(id, 'delivered'));
    expect(await storage.journal.delivery(id)).toBeUndefined();
    expect(await storage.repairs.retry(`d${id}`)).toBe(false);
  });

  it.each(['failed', 'unknown'] as const)('keeps what is %s, with its bytes', async (as) => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const id = await makeBegun(storage, portal.id, { id: 'a', keys: ['k'] });
    const before = await storage.journal.delivery(id);
    await written(storage, ended(id, as));
    await open.reopen();
    expect(await open.storage.journal.delivery(id)).toEqual(before);
  });

  it('keeps the words as long as another portal needs them', async () => {
    const { storage } = open;
    const here = await linkPortal(storage);
    const there = await linkPortal(storage, { network: 'other' });
    await written(storage, matrixEvents('a'));
    await written(storage, { kind: 'deliveries', of: '$a', portals: [here.id, there.id] });
    const [first] = await storage.journal.head(here.id, 1);
    const [second] = await storage.journal.head(there.id, 1);
    await written(storage, ended(first?.id ?? 0, 'delivered'));
    expect(await storage.journal.head(there.id, 1)).toEqual([second]);
  });

  it.each(['unknown', 'delivered'] as const)(
    'takes delivered for the last word, before %s',
    async (later) => {
      const { storage } = open;
      const portal = await linkPortal(storage);
      const { id } = await makeDelivery(storage, portal.id, 'a');
      await written(storage, ended(id, 'delivered'));
      await written(storage, ended(id, later, { tell: true }));
      expect(await storage.journal.notices('!room', 9)).toEqual([]);
      expect(await storage.repairs.deadLetters(9)).toEqual([]);
    },
  );

  it('lets what failed be delivered after all', async () => {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const { id } = await makeDelivery(storage, portal.id, 'a');
    await written(storage, ended(id, 'failed'));
    await written(storage, ended(id, 'delivered'));
    expect(await storage.repairs.deadLetters(9)).toEqual([]);
  });
}
