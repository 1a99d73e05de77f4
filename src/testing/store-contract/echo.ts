import { expect, it } from 'vitest';
import type { MessageLink } from '../../model/message-link.ts';
import { remoteChatId } from '../../model/remote-ids.ts';
import {
  begun,
  ended,
  linkPortal,
  makeBegun,
  message,
  network,
  type Open,
  partSent,
  remoteEvents,
  said,
  waitingDeliveries,
  waitingMessages,
  written,
} from './fixtures.ts';

export function echoContract(open: Open): void {
  firstEchoes(open);
  otherEchoes(open);
  lateEchoes(open);
  linkedEchoes(open);
}

function tools(open: Open) {
  const partIds = async (id: number) =>
    (await open.storage.journal.delivery(id))?.begun?.parts.map(({ ids }) => ids);

  async function make(id: string, ...keys: string[]): Promise<{ id: number; portal: number }> {
    const portal = await linkPortal(open.storage);
    return { id: await makeBegun(open.storage, portal.id, { id, keys }), portal: portal.id };
  }

  return { partIds, make };
}

function firstEchoes(open: Open): void {
  const { partIds, make } = tools(open);

  it('mark the part sent, with the id of the event, and go no further', async () => {
    const { id } = await make('a', 'k0', 'k1');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k1' })));
    expect(await partIds(id)).toEqual([undefined, ['m']]);
    expect(await waitingMessages(open.storage)).toEqual([]);
    expect(await open.storage.journal.newest(network, said('m'))).toMatchObject({ id: 'm' });
  });

  it('mark a part sent without an id where the event has none', async () => {
    const { id } = await make('a', 'k');
    const { chat, sender, sentAtMs, body } = said('m');
    const about = { target: message('x'), body, echoOf: 'k' };
    const event = { kind: 'edit', chat, sender, sentAtMs, ...about } as const;
    await written(open.storage, remoteEvents(event));
    expect(await partIds(id)).toEqual([[]]);
  });

  it('are swallowed, too, where the part was known to be sent', async () => {
    const { id } = await make('a', 'k');
    await written(open.storage, partSent(id, 0, 'from send'));
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    expect(await partIds(id)).toEqual([['from send']]);
    expect(await waitingMessages(open.storage)).toEqual([]);
  });

  it('tell the id that `send` did not, whichever comes first', async () => {
    const { id } = await make('a', 'k0', 'k1');
    await written(open.storage, partSent(id, 0));
    await written(open.storage, remoteEvents(said('m0', { echoOf: 'k0' })));
    await written(open.storage, remoteEvents(said('m1', { echoOf: 'k1' })));
    await written(open.storage, partSent(id, 1));
    expect(await partIds(id)).toEqual([['m0'], ['m1']]);
  });
}

function otherEchoes(open: Open): void {
  const { partIds, make } = tools(open);

  it('go no further when they repeat the key or the id of the first', async () => {
    await make('a', 'k');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k', key: '1' })));
    await open.reopen();
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k', key: '2' })));
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    await written(open.storage, remoteEvents(said('other', { echoOf: 'k', key: '1' })));
    // The key counts also where the adapter no longer knows that it is an echo.
    await written(open.storage, remoteEvents(said('other', { key: '1' })));
    expect(await waitingMessages(open.storage)).toEqual([]);
  });

  it('are ordinary events where somebody has copied the key', async () => {
    const { id } = await make('a', 'k');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k', key: '1' })));
    await written(open.storage, remoteEvents(said('copy', { echoOf: 'k', key: '3' })));
    await written(open.storage, remoteEvents(said('bare', { echoOf: 'k' })));
    expect(await waitingMessages(open.storage)).toEqual(['copy', 'bare']);
    expect(await partIds(id)).toEqual([['m']]);
  });

  it('are ordinary events where no part has the key, or not in that chat of that network', async () => {
    const { id } = await make('a', 'k');
    const elsewhere = remoteChatId('#elsewhere');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'unknown' })));
    await written(open.storage, remoteEvents(said('x', { echoOf: 'k', chat: elsewhere })));
    await written(open.storage, {
      ...(remoteEvents(said('y', { echoOf: 'k' })) as object),
      network: 'other',
    } as ReturnType<typeof remoteEvents>);
    expect(await waitingMessages(open.storage)).toEqual(['m']);
    expect(await waitingMessages(open.storage, { chat: elsewhere })).toEqual(['x']);
    expect(await open.storage.journal.chatHead('other', said('y'), 9)).toHaveLength(1);
    expect(await partIds(id)).toEqual([undefined]);
  });
}

function lateEchoes(open: Open): void {
  const { partIds, make } = tools(open);

  it('are known after the end of the delivery and of its portal', async () => {
    const { id, portal } = await make('a', 'k');
    await written(open.storage, partSent(id, 0, 'm'), ended(id, 'delivered'));
    await open.storage.portals.unlink(portal);
    await open.reopen();
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    expect(await waitingMessages(open.storage)).toEqual([]);
  });

  it('turn what ended as unknown into delivered, and link it', async () => {
    const { id, portal } = await make('a', 'k0', 'k1');
    await written(open.storage, partSent(id, 0, 'm0'), ended(id, 'unknown'));
    await written(open.storage, remoteEvents(said('m1', { echoOf: 'k1' })));
    expect(await open.storage.repairs.deadLetters(9)).toEqual([]);
    const link = { portal, eventId: '$a', saidBy: 'matrix', sender: '@ann:example.org' };
    expect(await open.storage.links.ofEvent(portal, '$a')).toEqual([
      { ...link, remoteId: 'm0', part: 0 },
      { ...link, remoteId: 'm1', part: 1 },
    ]);
  });

  it('leave it unknown while another part is missing, but link what is there', async () => {
    const { id, portal } = await make('a', 'k0', 'k1');
    await written(open.storage, ended(id, 'unknown'));
    await written(open.storage, remoteEvents(said('m1', { echoOf: 'k1' })));
    expect(await open.storage.repairs.deadLetters(9)).toMatchObject([{ outcome: 'unknown' }]);
    expect(await open.storage.links.ofRemote(portal, 'm1' as never)).toMatchObject([{ part: 1 }]);
  });

  it('make it delivered when the lane, which has not looked, says unknown', async () => {
    const { id, portal } = await make('a', 'k');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    await written(open.storage, ended(id, 'unknown', { tell: true }));
    expect(await open.storage.journal.notices('!room', 9)).toMatchObject([
      { outcome: 'delivered' },
    ]);
    expect(await open.storage.links.ofEvent(portal, '$a')).toHaveLength(1);
  });

  it('are taken in while a retry waits, so that the part is not sent again', async () => {
    const { id, portal } = await make('a', 'k');
    await written(open.storage, ended(id, 'unknown'));
    await open.storage.repairs.retry(`d${id}`);
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    expect(await waitingDeliveries(open.storage, portal)).toEqual(['$a']);
    await written(open.storage, begun(id, 'k'));
    expect(await partIds(id)).toEqual([['m']]);
  });
}

function linkedEchoes(open: Open): void {
  const { make } = tools(open);

  it('link what was delivered without an id', async () => {
    const { id, portal } = await make('a', 'k');
    await written(open.storage, partSent(id, 0), ended(id, 'delivered'));
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    expect(await open.storage.links.ofRemote(portal, 'm' as never)).toMatchObject([
      { eventId: '$a', sender: '@ann:example.org' },
    ]);
  });

  it('link the id that `send` did not tell, when the delivery ends', async () => {
    const { id, portal } = await make('a', 'k');
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    await written(open.storage, partSent(id, 0), ended(id, 'delivered'));
    expect(await open.storage.links.ofEvent(portal, '$a')).toMatchObject([{ remoteId: 'm' }]);
  });

  it('leave a link as it is that the engine has written', async () => {
    const { id, portal } = await make('a', 'k');
    const link: MessageLink = {
      portal,
      eventId: '$a',
      remoteId: message('m'),
      part: 0,
      saidBy: 'matrix',
      sender: '@ann:example.org',
      threadRoot: '$root',
    };
    await written(
      open.storage,
      partSent(id, 0, 'm'),
      { kind: 'link', link },
      ended(id, 'delivered'),
    );
    await written(open.storage, remoteEvents(said('m', { echoOf: 'k' })));
    expect(await open.storage.links.ofEvent(portal, '$a')).toEqual([link]);
  });

  it('link nothing where what came back is no message', async () => {
    const { id, portal } = await make('a', 'k');
    const { chat, sender, sentAtMs } = said('m');
    const about = { target: message('x'), emoji: '+', removed: false, id: message('m') };
    const reaction = { kind: 'reaction', chat, sender, sentAtMs, ...about, echoOf: 'k' } as const;
    await written(open.storage, ended(id, 'unknown'), remoteEvents(reaction));
    expect(await open.storage.repairs.deadLetters(9)).toEqual([]);
    expect(await open.storage.links.ofEvent(portal, '$a')).toEqual([]);
  });
}
