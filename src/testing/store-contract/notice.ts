import { expect, it } from 'vitest';
import type { MatrixEventId } from '../../model/matrix-ids.ts';
import type { Write } from '../../ports/journal.ts';
import {
  ended,
  linkPortal,
  makeBegun,
  makeDelivery,
  type Open,
  remoteEvents,
  said,
  written,
} from './fixtures.ts';

const told = (delivery: number, eventId?: MatrixEventId, revision?: number): Write => ({
  kind: 'told',
  delivery,
  ...(eventId && { eventId }),
  ...(revision !== undefined && { revision }),
});

export function noticeContract(open: Open): void {
  dueContract(open);
  againContract(open);
}

function tools(open: Open) {
  const due = () => open.storage.journal.notices('!room', 9);

  async function makeEnded(id: string, over: Parameters<typeof ended>[2]): Promise<number> {
    const { storage } = open;
    const portal = await linkPortal(storage);
    const delivery = await makeBegun(storage, portal.id, { id, keys: [`key of ${id}`] });
    await written(storage, ended(delivery, 'unknown', over));
    return delivery;
  }

  return { due, makeEnded };
}

function dueContract(open: Open): void {
  const { due, makeEnded } = tools(open);

  it('are due when somebody asks for it, with what there is to say', async () => {
    const delivery = await makeEnded('a', { tell: true, reason: 'cut off' });
    await makeEnded('b', {});
    await open.reopen();
    expect(await due()).toEqual([
      {
        delivery,
        portal: expect.any(Number),
        eventId: '$a',
        roomId: '!room',
        outcome: 'unknown',
        reason: 'cut off',
        revision: expect.any(Number),
        endedAtMs: 3000,
      },
    ]);
    expect((await open.storage.journal.pending()).noticeRooms).toEqual(['!room']);
  });

  it('are handed out oldest first, and no more than asked for', async () => {
    const [first, second] = [
      await makeEnded('a', { tell: true }),
      await makeEnded('b', { tell: true }),
    ];
    expect((await due()).map(({ delivery }) => delivery)).toEqual([first, second]);
    expect(await open.storage.journal.notices('!room', 1)).toHaveLength(1);
    expect(await open.storage.journal.notices('!other', 9)).toEqual([]);
  });

  it('are due no more once they are told', async () => {
    const delivery = await makeEnded('a', { tell: true });
    await written(open.storage, told(delivery));
    expect(await due()).toEqual([]);
    expect((await open.storage.journal.pending()).noticeRooms).toEqual([]);
  });
}

function againContract(open: Open): void {
  const { due, makeEnded } = tools(open);

  it('are due again, to be edited, when a notice stands that is no longer so', async () => {
    const delivery = await makeEnded('a', { tell: true });
    await written(open.storage, told(delivery, '$notice'));
    await written(open.storage, ended(delivery, 'delivered'));
    expect(await due()).toMatchObject([{ outcome: 'delivered', noticeId: '$notice' }]);
    await written(open.storage, told(delivery));
    expect(await due()).toEqual([]);
  });

  it('remember the notice that stands, also when what came next needed none', async () => {
    const delivery = await makeEnded('a', { tell: true });
    await written(open.storage, told(delivery, '$notice'));
    await written(open.storage, ended(delivery, 'failed'));
    await written(open.storage, told(delivery));
    await written(open.storage, ended(delivery, 'delivered'));
    expect(await due()).toMatchObject([{ noticeId: '$notice' }]);
  });

  it('are due again when an echo shows that it arrived', async () => {
    const delivery = await makeEnded('a', { tell: true });
    await written(open.storage, told(delivery, '$notice'));
    await written(open.storage, remoteEvents(said('m', { echoOf: 'key of a' })));
    expect(await due()).toMatchObject([{ outcome: 'delivered', noticeId: '$notice' }]);
  });

  it('are still due when the outcome changes while one is being told', async () => {
    const delivery = await makeEnded('a', { tell: true });
    const [notice] = await due();
    await written(open.storage, remoteEvents(said('m', { echoOf: 'key of a' })));
    await written(open.storage, told(delivery, '$notice', notice?.revision));
    expect(await due()).toMatchObject([{ outcome: 'delivered', noticeId: '$notice' }]);
  });

  it('wait while the delivery is tried once more', async () => {
    const delivery = await makeEnded('a', { tell: true });
    const untold = await makeEnded('b', { tell: true });
    await open.storage.repairs.retry(`d${untold}`);
    await written(open.storage, told(delivery, '$notice'));
    await open.storage.repairs.retry(`d${delivery}`);
    expect(await due()).toEqual([]);
    await written(open.storage, ended(delivery, 'failed'));
    expect(await due()).toMatchObject([{ outcome: 'failed', noticeId: '$notice' }]);
  });

  it('are nothing for one who never asked', async () => {
    const portal = await linkPortal(open.storage);
    const { id } = await makeDelivery(open.storage, portal.id, 'a');
    await written(open.storage, ended(id, 'unknown'));
    await written(open.storage, ended(id, 'delivered'));
    expect(await due()).toEqual([]);
  });
}
