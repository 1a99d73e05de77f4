import { describe, expect, it } from 'vitest';
import { BridgeError, type Found } from '../../../src/adapter/index.ts';
import type { Context } from '../../../src/engine/context.ts';
import { createNames } from '../../../src/engine/names.ts';
import { createSearch } from '../../../src/engine/search.ts';
import { remoteChatId, remoteUserId } from '../../../src/model/remote-ids.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const away = new BridgeError('unreachable', 'away', { effect: 'none' });

/** Two networks of one kind, on each of which names mean what is given, and one of another. */
function searching(meanings: Record<string, Found | BridgeError>) {
  const clock = fakeClock();
  const adapter = { id: 'chat', displayName: 'Chat' };
  const networks = [
    { id: 'one', displayName: 'One', adapter, noRoomsFor: ['#staff'] },
    { id: 'two', displayName: 'Two', adapter, icon: 'mxc://hs/two' },
    { id: 'other', displayName: 'Other', adapter: { id: 'else', displayName: 'Else' } },
  ];
  const asked: string[] = [];
  const names = createNames('p_', 'hs', ['one', 'two', 'other']);
  const context = { networks, names, clock, matrix: { serverName: 'hs' }, log: () => {} };
  const search = createSearch(context as unknown as Context, {
    async find(network, name) {
      asked.push(network);
      const meant = meanings[`${network} ${name}`];
      if (meant instanceof BridgeError) throw meant;
      return meant;
    },
  });
  const find = (what: 'chat' | 'user', name: string, network?: string) =>
    search.find({ protocol: 'chat', what, name, ...(network !== undefined && { network }) });
  return { search, find, clock, asked };
}

const chat = (id: string): Found => ({ chat: remoteChatId(id) });
const user = (id: string): Found => ({ user: remoteUserId(id) });

describe('createSearch', () => {
  it('finds the alias of a chat, or a ghost, on each network of the kind', async () => {
    const meanings = { 'one #A': chat('#a'), 'two #A': chat('#a'), 'two Bob': user('bob') };
    const { find, asked } = searching(meanings);
    expect(await find('chat', '#A')).toEqual([
      { network: 'one', id: '#p_one_#a:hs' },
      { network: 'two', id: '#p_two_#a:hs' },
    ]);
    expect(await find('user', 'Bob')).toEqual([{ network: 'two', id: '@p_two_bob:hs' }]);
    expect(asked).not.toContain('other');
  });

  it('finds on one of them', async () => {
    const { find, asked } = searching({ 'one #a': chat('#a'), 'two #a': chat('#a') });
    expect(await find('chat', '#a', 'two')).toEqual([{ network: 'two', id: '#p_two_#a:hs' }]);
    expect(asked).toEqual(['two']);
  });

  it('finds no people among chats, nor chats among people', async () => {
    const { find } = searching({ 'one #a': chat('#a'), 'one bob': user('bob') });
    expect([...(await find('user', '#a')), ...(await find('chat', 'bob'))]).toEqual([]);
  });

  it('finds no chat for which the config has no room made', async () => {
    const { find } = searching({ 'one #staff': chat('#staff') });
    expect(await find('chat', '#staff')).toEqual([]);
  });

  it('finds on the others what one network cannot say now', async () => {
    const { find } = searching({ 'one #a': away, 'two #a': chat('#a') });
    expect(await find('chat', '#a')).toHaveLength(1);
  });

  it('asks no network without end', async () => {
    const { find, asked, clock } = searching({ 'one #a': chat('#a') });
    for (let n = 0; n < 30; n++) await find('chat', '#a', 'one');
    expect(asked).toHaveLength(20);
    await clock.advance(1_000);
    expect(await find('chat', '#a', 'one')).toHaveLength(1);
  });

  it('says which networks there are of a kind', () => {
    const { search } = searching({});
    expect(search.protocol('chat')?.networks.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(search.protocol('chat')?.networks.map(({ icon }) => icon)).toEqual([
      undefined,
      'mxc://hs/two',
    ]);
    expect(search.protocol('none')).toBeUndefined();
  });
});
