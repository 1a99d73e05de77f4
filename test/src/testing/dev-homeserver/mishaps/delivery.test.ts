import { describe, expect, it, vi } from 'vitest';
import { at, person, publicRoom, say } from '../support/api.ts';
import { homeserver, stubAppservice, temporaryDir } from '../support/fixture.ts';
import { ghost, type Pushed, registration } from '../support/stub-appservice.ts';

const ready = async (dir?: string) => {
  const stub = await stubAppservice();
  const hs = await homeserver({ registrations: [registration(stub.url)], ...(dir && { dir }) });
  const alice = await person(hs, 'alice');
  const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
  await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
  const sent = stub.transactions.length;
  const since = () => stub.transactions.slice(sent);
  return { hs, stub, alice, room, since };
};
const ids = (transactions: readonly Pushed[]) => new Set(transactions.map(({ path }) => path)).size;
const sizes = (transactions: readonly Pushed[]) =>
  transactions.map(({ body }) => body.events.length);

describe('a mishap of a delivery', () => {
  it('sends a transaction a second time while the first is under way', async () => {
    const { hs, stub, alice, room, since } = await ready();
    const answers: ((status: number) => void)[] = [];
    stub.answer = () =>
      new Promise((resolve) => {
        answers.push((status) => resolve([status, '{}']));
      });
    hs.misbehave({ is: 'repeat-transaction' });
    await say(alice, room, 'twice');
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    expect([ids(since()), sizes(since())]).toEqual([1, [1, 1]]);
    stub.answer = async () => [200, '{}'];
    // It counts what came of the second one.
    for (const [index, answer] of answers.entries()) answer(index === 0 ? 200 : 500);
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    expect(since()).toHaveLength(3);
  });

  it('takes it for a failure when a transaction was taken', async () => {
    const { hs, stub, alice, room, since } = await ready();
    hs.misbehave({ is: 'lose-answer' });
    await say(alice, room, 'twice');
    await say(alice, room, 'once');
    await vi.waitFor(() => expect(stub.heard).toEqual(['twice', 'twice', 'once']));
    expect(ids(since())).toBe(2);
  });

  it('brings a transaction that failed with more in it, under its id, once', async () => {
    const dir = temporaryDir();
    const { hs, stub, alice, room, since } = await ready(dir);
    stub.answer = async () => [500, '{}'];
    await say(alice, room, '1');
    await vi.waitFor(() => expect(since()).not.toHaveLength(0));
    for (const line of ['2', '3']) await say(alice, room, line);
    const grown = hs.misbehave({ is: 'grow-transaction' });
    await vi.waitFor(() => expect(grown.count).toBe(1));
    await hs.close();
    expect(sizes(since())[0]).toBe(1);

    stub.answer = async () => [200, '{}'];
    const again = await homeserver({ registrations: [registration(stub.url)], dir });
    await say(at(again, alice), room, '4');
    await vi.waitFor(() => expect(stub.heard).toEqual(['1', '2', '3', '4']));
    expect(sizes(since().slice(-2))).toEqual([3, 1]);
    expect(since().at(-2)?.path).toBe(since()[0]?.path);
  });

  it('never tells of an event', async () => {
    const { hs, stub, alice, room } = await ready();
    hs.misbehave({ is: 'lose-event', times: 2 });
    for (const line of ['1', '2', '3']) await say(alice, room, line);
    await vi.waitFor(() => expect(stub.heard).toEqual(['3']));
  });

  it('lays a transaction aside until it has next failed', async () => {
    const { hs, stub, alice, room } = await ready();
    const aside = hs.misbehave({ is: 'lay-aside' });
    await say(alice, room, '1');
    await vi.waitFor(() => expect(aside.count).toBe(1));
    await say(alice, room, '2');
    await vi.waitFor(() => expect(stub.heard).toEqual(['2']));
    hs.misbehave({ is: 'lose-answer' });
    await say(alice, room, '3');
    await vi.waitFor(() => expect(stub.heard).toEqual(['2', '3', '1', '3']));
  });
});
