import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enterNetwork } from '../../../../src/playground/sides/enter.ts';
import type { RemoteSide } from '../../../../src/playground/sides/remote-side.ts';
import {
  type LoopbackNetwork,
  loopbackPerson,
  startLoopbackNetwork,
} from '../../../../src/testing/loopback-network/index.ts';

let network: LoopbackNetwork;
let side: RemoteSide;
const botToken = 'a-bot-token';

beforeEach(async () => {
  network = await startLoopbackNetwork({ certainty: 'drops-repeats', botToken });
  side = await enterNetwork(network);
  side.open();
});
afterEach(async () => {
  await side.close();
  await network.close();
});

async function ask<T>(what: string, body: object, token = botToken): Promise<T> {
  const [method = '', path = ''] = what.split(' ');
  const response = await fetch(network.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.ok).toBe(true);
  return (await response.json()) as T;
}

/** Alice, as a bridge brings her here. */
async function enlistAlice(): Promise<{ id: string; token: string }> {
  const alice = await ask<{ id: string; token: string }>('PUT /clients/alice', {
    ...{ kind: 'enlisted', displayName: 'Alice' },
  });
  await ask('POST /chats/harbour/members/me', { is: 'in' }, alice.token);
  return alice;
}

describe('RemoteSide', () => {
  it('speaks, edits, reacts and removes as one of its people', async () => {
    const id = await side.say('carol', 'helo');
    await side.edit('carol', id, 'hello');
    await side.react('dave', id, '🎉');
    const line = () => side.board.line(id);
    await vi.waitFor(() =>
      expect(line()).toMatchObject({
        ...{ sender: 'carol', text: 'hello', edited: true, bridged: false },
        reactions: [{ emoji: '🎉', by: 'dave' }],
      }),
    );
    await side.react('dave', id, '🎉');
    await vi.waitFor(() => expect(line()?.reactions).toEqual([]));
    await side.remove('carol', id);
    await vi.waitFor(() => expect(line()).toMatchObject({ removed: true }));
    await expect(side.say('alice', 'x')).rejects.toThrow('Nobody here can speak as alice');
  });

  it('shows somebody whom the bridge enlisted as being from the other side', async () => {
    const alice = await enlistAlice();
    await ask('POST /chats/harbour/messages', { text: 'hello' }, alice.token);
    await vi.waitFor(() =>
      expect(side.board.lines).toMatchObject([{ sender: alice.id, text: 'hello', bridged: true }]),
    );
    expect(side.board.people).toMatchObject([
      { name: 'Carol', home: 'remote', maySpeak: true },
      { name: 'Dave', home: 'remote', maySpeak: true },
      { name: 'Alice', home: 'matrix', isHere: true, maySpeak: false },
    ]);
    await ask('POST /chats/harbour/members/me', { is: 'out' }, alice.token);
    await vi.waitFor(() => expect(side.board.people[2]).toMatchObject({ isHere: false }));
  });

  it('shows somebody whom a bot only speaks for under their own name', async () => {
    await ask('POST /chats/harbour/members/me', { is: 'in' });
    await ask('POST /chats/harbour/messages', { text: 'hi', guise: { name: 'Erin' } });
    await vi.waitFor(() => expect(side.board.lines).toMatchObject([{ bridged: true }]));
    const { sender } = side.board.lines[0] ?? {};
    const erin = side.board.people.find(({ id }) => id === sender);
    expect(erin).toMatchObject({ name: 'Erin', home: 'matrix', maySpeak: false });
  });

  it('shows who is typing, until they say something', async () => {
    const typing: (readonly string[])[] = [];
    side.board.watch({ typing: (who) => typing.push(who) });
    await vi.waitFor(async () => {
      await side.typing('dave');
      expect(typing).toEqual([['dave']]);
    });
    await side.say('dave', 'done');
    await vi.waitFor(() => expect(typing.at(-1)).toEqual([]));
  });

  it('tells the network that somebody has ended typing by saying it', async () => {
    const bot = await loopbackPerson(network.url, { token: botToken });
    const heard: number[] = [];
    const listen = async () => {
      const { hints } = await bot.events(network.log().length, 50);
      heard.push(...hints.flatMap((hint) => ('forMs' in hint ? [hint.forMs] : [])));
    };
    await listen();
    await vi.waitFor(async () => {
      await side.typing('dave');
      await listen();
      expect(heard.at(-1)).toBeGreaterThan(0);
    });
    await vi.waitFor(async () => {
      await side.say('dave', 'done');
      await listen();
      expect(heard.at(-1)).toBe(0);
    });
  });

  it('reads the log anew, and leaves out other chats', async () => {
    const alice = await enlistAlice();
    await ask('POST /chats/elsewhere/members/me', { is: 'in' }, alice.token);
    await ask('POST /chats/elsewhere/messages', { text: 'elsewhere' }, alice.token);
    await ask('POST /chats/harbour/messages', { text: 'from there' }, alice.token);
    await side.say('carol', 'from here');
    expect(await side.readLog()).toMatchObject([
      { text: 'from there', bridged: true },
      { text: 'from here', bridged: false },
    ]);
    const texts = () => side.board.lines.map(({ text }) => text);
    await vi.waitFor(() => expect(texts()).toContain('from here'));
    expect(texts()).toEqual(['from there', 'from here']);
  });
});
