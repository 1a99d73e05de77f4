import { describe, expect, it, vi } from 'vitest';
import { remoteMessageId } from '../../../src/adapter/index.ts';
import { aNetwork, carryOut, chat, logIn, open, part, say, signal, texts } from './fixture.ts';

const certainties = ['drops-repeats', 'echoes', 'look-up', 'nothing'] as const;

describe.each(certainties)('loopback towards a network of certainty %s', (certainty) => {
  it('does not bridge its own words back, but all that others say, once and in order', async () => {
    const { network, bob } = await aNetwork(certainty);
    const { session, voice, emitted } = await open(network.url, certainty);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const relay = await session(voice('v2', 'relay'));

    await bob.say('lobby', 'one');
    await say(ann, 'mine', 'key-1');
    await say(relay, 'ours', 'key-2');
    await bob.say('lobby', 'two');

    await vi.waitFor(() => expect(texts(emitted)).toContain('two'));
    const foreign = emitted.filter((event) => !('echoOf' in event));
    expect(texts(foreign)).toEqual(['one', 'two']);
    const echoes = emitted.flatMap((event) => ('echoOf' in event ? [event.echoOf] : []));
    expect(echoes).toEqual(certainty === 'echoes' ? ['key-1', 'key-2'] : []);
  });

  it('bridges what the holder of a login types on their phone, not what it sent itself', async () => {
    const { network, bob } = await aNetwork(certainty);
    const opened = await open(network.url, certainty);
    const { session } = await logIn(opened, bob);

    await say(session, 'from Matrix', 'key-1');
    await bob.say('lobby', 'from the phone');

    const { emitted } = opened;
    await vi.waitFor(() => expect(texts(emitted)).toContain('from the phone'));
    expect(texts(emitted.filter((event) => !('echoOf' in event)))).toEqual(['from the phone']);
    expect(network.messages().map(({ sender }) => sender)).toEqual(['bob', 'bob']);
  });
});

it('says of loopback how sure one can be, as its network was started', async () => {
  const { network } = await aNetwork();
  const ways: Record<string, unknown> = {};
  for (const certainty of certainties) {
    const { session, voice } = await open(network.url, certainty);
    const { dropsRepeats, lookup } = (await session(voice('v1', 'relay'))).on.message;
    ways[certainty] = [dropsRepeats === true, lookup !== undefined];
  }
  expect(ways).toEqual({
    'drops-repeats': [true, false],
    echoes: [false, true],
    'look-up': [false, true],
    nothing: [false, false],
  });
});

describe('a voice of loopback', () => {
  it('is an account under the name of whoever it speaks for, when enlisted', async () => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann Élan\r\n'));
    await say(ann, 'hello');
    expect(ann.self).toBe('ann-elan');
    expect(network.messages()).toMatchObject([{ sender: 'ann-elan', text: 'hello' }]);
    const accounts = network.log().filter((entry) => entry.type === 'account');
    expect(accounts.at(-1)).toMatchObject({ kind: 'enlisted', displayName: 'Ann Élan' });
  });

  it('gets another id where its name is taken, and the same account at the next opening', async () => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const first = await session(voice('v1', 'enlisted', 'Bob'));
    const again = await session(voice('v1', 'enlisted', 'Bob'));
    const other = await session(voice('v2', 'enlisted', 'Bob'));
    expect([first.self, again.self, other.self]).toEqual(['bob-2', 'bob-2', 'bob-3']);
  });

  it('borrows the name of whoever speaks, when it is the relay', async () => {
    const { network } = await aNetwork();
    const { session, voice } = await open(network.url);
    const relay = await session(voice('v1', 'relay'));
    await say(relay, 'hello');
    expect(relay.imitates).toBe(true);
    expect(network.messages()).toMatchObject([{ sender: 'bridge', guise: { name: 'Ann' } }]);
  });

  it('asks for a new login when its token is no longer good', async () => {
    const { network, bob } = await aNetwork();
    const opened = await open(network.url);
    const { login } = await logIn(opened, bob);
    const headers = { authorization: `Bearer ${bob.token}` };
    await fetch(`${network.url}/me/tokens/current`, { method: 'DELETE', headers });
    await expect(opened.remote.session(login, signal)).rejects.toMatchObject({
      code: 'logged_out',
      effect: 'none',
    });
  });

  it('refuses a token that is nobody’s, and a login without one', async () => {
    const { network } = await aNetwork();
    const opened = await open(network.url);
    await expect(logIn(opened, { token: 'made-up' })).rejects.toMatchObject({ code: 'logged_out' });
    const bare = opened.remote.session(opened.voice('bare', 'login'), signal);
    await expect(bare).rejects.toMatchObject({ code: 'logged_out' });
  });

  it('leaves the network when it is given up', async () => {
    const { network, bob } = await aNetwork();
    const opened = await open(network.url);
    const ann = await opened.session(opened.voice('v1', 'enlisted', 'Ann'));
    const { login, session } = await logIn(opened, bob);
    await opened.remote.forget?.(opened.voice('v1', 'enlisted'), signal);
    await opened.remote.forget?.(login, signal);
    for (const gone of [ann, session])
      await expect(say(gone, 'still here?')).rejects.toMatchObject({ code: 'logged_out' });
    await bob.say('lobby', 'I am still here');
    expect(network.log().at(-1)).toMatchObject({ sender: 'bob' });
  });
});

describe('a private chat of loopback', () => {
  it('is seen by the voice that it was written to, from the first word', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice, emitted } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const direct = await bob.direct(ann.self ?? '');
    await bob.say(direct, 'psst');
    await vi.waitFor(() => expect(texts(emitted)).toEqual(['psst']));
    expect(emitted.at(-1)).toMatchObject({ chat: direct, receiver: 'v1', sender: 'bob' });
  });

  it('is begun by a voice, and its words come back to that voice alone', async () => {
    const { network, bob } = await aNetwork('echoes');
    const opened = await open(network.url, 'echoes');
    const ann = await opened.session(opened.voice('v1', 'enlisted', 'Ann'));
    await logIn(opened, bob, 'v2');
    const direct = await ann.direct?.('bob' as never, signal);
    await say(ann, 'hello Bob', 'key-1', direct);
    const heard = () => opened.emitted.filter(({ kind }) => kind === 'message');
    await vi.waitFor(() => expect(heard()).toHaveLength(2));
    expect(heard()).toMatchObject([
      { receiver: 'v1', echoOf: 'key-1' },
      { receiver: 'v2', sender: 'ann' },
    ]);
    expect(heard()[1]).not.toHaveProperty('echoOf');
  });

  it('is not heard for a voice that the core no longer has', async () => {
    const { network, bob } = await aNetwork();
    const first = await open(network.url);
    await first.session(first.voice('v1', 'enlisted', 'Ann'));
    const second = await open(network.url);
    await bob.say(await bob.direct('ann'), 'psst');
    await bob.say('lobby', 'all');
    await vi.waitFor(() => expect(texts(second.emitted)).toEqual(['all']));
    expect(texts(first.emitted)).toContain('psst');
  });
});

describe('a session of loopback', () => {
  it('changes, takes back and feels, each once however often it is sent', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const target = await say(ann, 'helo');
    const his = await bob.say('lobby', 'hi');
    const edit = { kind: 'edit', target, body: { text: 'hello' } } as const;
    const felt = { kind: 'reaction', target: his, emoji: '👍', removed: false } as const;
    const removal = part({ kind: 'removal', target });
    for (let n = 0; n < 2; n++) await carryOut(ann.on.edit, edit);
    for (let n = 0; n < 2; n++) await ann.on.reaction?.send(part(felt), signal);
    await ann.on.reaction?.send(part({ ...felt, removed: true } as never), signal);
    for (let n = 0; n < 2; n++) await ann.on.removal?.send(removal, signal);
    expect(network.log().slice(-4)).toMatchObject([
      { type: 'edit', target: target[0], text: 'hello' },
      { type: 'reaction', target: his, emoji: '👍', removed: false },
      { type: 'reaction', target: his, emoji: '👍', removed: true },
      { type: 'removal', target: target[0] },
    ]);
  });

  it('keeps who felt what apart, though one relay feels for all', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice } = await open(network.url);
    const relay = await session(voice('v1', 'relay'));
    const target = await bob.say('lobby', 'hi');
    for (const displayName of ['Ann', 'Cat', 'Ann']) {
      const felt = { kind: 'reaction', target, emoji: '👍', removed: false } as const;
      const speaker = { userId: '@x:example.org', displayName };
      await relay.on.reaction?.send(part({ ...felt, speaker }), signal);
    }
    const felt = network.log().filter((entry) => entry.type === 'reaction');
    expect(felt.map(({ guise }) => guise?.name)).toEqual(['Ann', 'Cat']);
  });

  it('makes one line of a name and of a reason, whatever they hold', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann\r\nQUIT\0 '));
    await session(voice('v2', 'enlisted', '\r\n'));
    await session(voice('v3', 'enlisted', '👩'.repeat(80)));
    const kick = { kind: 'member', who: bob.id, is: 'out', reason: 'too\r\nloud' } as const;
    await ann.on.member?.send(part(kick), signal);
    const names = network.log().flatMap((e) => (e.type === 'account' ? [e.displayName] : []));
    expect(names.slice(-3)).toEqual(['Ann QUIT', 'somebody', '👩'.repeat(50)]);
    expect(network.log().at(-1)).toMatchObject({ who: 'bob', is: 'out', reason: 'too loud' });
  });

  it('tells that it types, and nobody but others hear it', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice, hints } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const from = (await bob.events(0)).next;
    const page = bob.events(from, 5000);
    ann.hint?.(chat, { kind: 'typing', forMs: 4000 });
    expect((await page).hints).toEqual([{ chat: 'lobby', user: 'ann', forMs: 4000 }]);
    await vi.waitFor(async () => {
      await bob.typing('lobby', 3000);
      expect(hints).not.toEqual([]);
    });
    expect(hints[0]).toEqual({ chat: 'lobby', sender: 'bob', kind: 'typing', forMs: 3000 });
  });

  it('tells how far it has read, and hears how far others have', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice, hints } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    const upTo = remoteMessageId(await bob.say('lobby', 'read me'));
    const page = bob.events((await bob.events(0)).next, 5000);
    ann.hint?.(chat, { kind: 'read', upTo });
    expect((await page).hints).toEqual([{ chat: 'lobby', user: 'ann', upTo }]);
    await vi.waitFor(async () => {
      await bob.read('lobby', upTo);
      expect(hints).not.toEqual([]);
    });
    expect(hints[0]).toEqual({ chat: 'lobby', sender: 'bob', kind: 'read', upTo });
  });

  it('keeps to itself that the holder of a login has left by their own hand', async () => {
    const { network, bob } = await aNetwork();
    const opened = await open(network.url);
    await logIn(opened, bob);
    await bob.leave('lobby');
    await bob.join('lobby');
    await bob.say('lobby', 'back');
    await vi.waitFor(() => expect(texts(opened.emitted)).toEqual(['back']));
    expect(opened.emitted).toHaveLength(1);
  });

  it('hears of what others do to it, and not of its own coming and going', async () => {
    const { network, bob } = await aNetwork();
    const { session, voice, emitted } = await open(network.url);
    const ann = await session(voice('v1', 'enlisted', 'Ann'));
    await ann.leave?.(chat, signal);
    await ann.join?.(chat, signal);
    await bob.setMember('lobby', 'ann', 'out', 'too loud');
    await bob.leave('lobby');
    await vi.waitFor(() => expect(emitted).toHaveLength(2));
    expect(emitted).toMatchObject([
      { kind: 'member', who: 'ann', voice: 'v1', sender: 'bob', is: 'out', reason: 'too loud' },
      { kind: 'member', who: 'bob', sender: 'bob', is: 'out' },
    ]);
    await expect(say(ann, 'what?')).rejects.toMatchObject({ code: 'not_allowed', effect: 'none' });
  });
});
