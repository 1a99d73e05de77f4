import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type LoopbackOptions,
  loopbackPerson,
  readLoopbackLog,
  startLoopbackNetwork,
} from '../../../../src/testing/loopback-network/index.ts';

const ending: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

async function start(options: Partial<LoopbackOptions> = {}) {
  const network = await startLoopbackNetwork({ certainty: 'drops-repeats', ...options });
  ending.push(() => network.close());
  return network;
}

async function aDirectory() {
  const dir = await mkdtemp(join(tmpdir(), 'loopback-'));
  ending.push(() => rm(dir, { recursive: true }));
  return dir;
}

interface Answer {
  readonly message: string;
  readonly token: string;
  readonly displayName: string;
  readonly events: readonly { readonly echoOf?: string; readonly key?: string }[];
  readonly entries: readonly unknown[];
}

async function ask(url: string, what: string, body?: unknown, token = 'loopback-bot') {
  const [method = '', path = ''] = what.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answered = (await response.json()) as Answer;
  return { status: response.status, body: answered, headers: response.headers };
}

async function inLobby(options: Partial<LoopbackOptions> = {}) {
  const network = await start(options);
  const bob = await loopbackPerson(network.url, { id: 'bob' });
  await bob.join('lobby');
  return { network, bob };
}

const texts = (events: readonly object[]) =>
  events.flatMap((event) => ('text' in event ? [event.text] : []));

describe('a chat of the loopback network', () => {
  it('shows everybody in it what is said, in order, and nobody else', async () => {
    const { network, bob } = await inLobby();
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    await bob.say('lobby', 'before');
    await cat.join('lobby');
    await bob.say('lobby', 'after');
    const dan = await loopbackPerson(network.url, { id: 'dan' });
    expect(texts((await cat.events(0)).events)).toEqual(['before', 'after']);
    expect(texts((await dan.events(0)).events)).toEqual([]);
    await expect(dan.say('lobby', 'me too')).rejects.toThrow('join it first');
  });

  it('takes part in nothing that it did not see: other chats, other people’s words', async () => {
    const { network, bob } = await inLobby();
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    for (const chat of ['lobby', 'den']) await cat.join(chat);
    const id = await bob.say('lobby', 'mine');
    await expect(cat.edit('lobby', id, 'yours')).rejects.toThrow('Only who said it');
    await expect(cat.remove('lobby', id)).rejects.toThrow('Only who said it');
    await expect(cat.react('den', id, '👍')).rejects.toThrow('no message');
    await bob.remove('lobby', id);
    await expect(bob.edit('lobby', id, 'again')).rejects.toThrow('taken back');
  });

  it('keeps out who is banned, and lets nobody be dragged in', async () => {
    const { network, bob } = await inLobby();
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    await expect(bob.setMember('lobby', 'cat', 'in')).rejects.toThrow('invite');
    await expect(cat.setMember('lobby', 'bob', 'out')).rejects.toThrow('join it first');
    await bob.setMember('lobby', 'cat', 'banned');
    await expect(cat.join('lobby')).rejects.toThrow('banned');
    await bob.setMember('lobby', 'cat', 'out');
    await cat.join('lobby');
    await cat.say('lobby', 'back');
  });

  it('is private between two, whoever begins it', async () => {
    const { network, bob } = await inLobby();
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    const dan = await loopbackPerson(network.url, { id: 'dan' });
    const chat = await bob.direct('cat');
    expect(await cat.direct('bob')).toBe(chat);
    await cat.say(chat, 'psst');
    await expect(dan.say(chat, 'what?')).rejects.toThrow('private');
    await expect(dan.join(chat)).rejects.toThrow('private');
    const { events } = await ask(network.url, 'GET /events?after=0').then(({ body }) => body);
    expect(texts(events)).toEqual([]);
  });
});

describe('a key on the loopback network', () => {
  const twice = async (certainty: LoopbackOptions['certainty'], dir?: string) => {
    const { network, bob } = await inLobby({ certainty, ...(dir !== undefined && { dir }) });
    const ids = [
      await bob.say('lobby', 'x', { key: 'k' }),
      await bob.say('lobby', 'x', { key: 'k' }),
    ];
    return { network, bob, ids };
  };

  it('drops a repeat of the same sender, also after a new start', async () => {
    const dir = await aDirectory();
    const { network, bob, ids } = await twice('drops-repeats', dir);
    expect(ids[0]).toBe(ids[1]);
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    await cat.join('lobby');
    expect(await cat.say('lobby', 'x', { key: 'k' })).not.toBe(ids[0]);
    await network.close();
    const again = await start({ dir });
    const bobAgain = await loopbackPerson(again.url, { token: bob.token });
    expect(await bobAgain.say('lobby', 'x', { key: 'k' })).toBe(ids[0]);
    expect(again.messages()).toHaveLength(2);
  });

  it.each(['echoes', 'look-up', 'nothing'] as const)('drops nothing where it %s', async (one) => {
    const { network, ids } = await twice(one);
    expect(ids[0]).not.toBe(ids[1]);
    expect(network.messages()).toHaveLength(2);
  });

  it('is found only where it can be looked up, and by its own sender', async () => {
    const { network, bob, ids } = await twice('look-up');
    const cat = await loopbackPerson(network.url, { id: 'cat' });
    const look = async (token: string, key: string) =>
      (await ask(network.url, `GET /lookup?key=${key}`, undefined, token)).body;
    expect(await look(bob.token, 'k')).toEqual({ id: ids[0] });
    expect(await look(bob.token, 'other')).toEqual({});
    expect(await look(cat.token, 'k')).toEqual({});
    const { network: other, bob: bobThere } = await twice('nothing');
    expect((await ask(other.url, 'GET /lookup?key=k', undefined, bobThere.token)).status).toBe(404);
  });

  it.each([
    ['drops-repeats', []],
    ['echoes', ['k']],
    ['look-up', []],
    ['nothing', []],
  ] as const)(
    'comes back to the bot that sent it, and to nobody else: %s',
    async (certainty, keys) => {
      const { network, bob } = await inLobby({ certainty });
      const made = await ask(network.url, 'PUT /clients/v1', { kind: 'relay' });
      const { token } = made.body;
      await ask(network.url, 'POST /chats/lobby/members/me', { is: 'in' }, token);
      await ask(network.url, 'POST /chats/lobby/messages', { text: 'x', key: 'k' }, token);
      await bob.say('lobby', 'y', { key: 'of-bob' });
      const page = await ask(network.url, 'GET /events?after=0');
      const shown = (events: Answer['events']) =>
        events.flatMap(({ echoOf, key }) => [echoOf, key].filter((one) => one !== undefined));
      expect(shown(page.body.events)).toEqual(keys);
      expect(shown((await bob.events(0)).events as Answer['events'])).toEqual([]);
      const other = await ask(network.url, 'POST /bots', { id: 'other-bot' });
      const theirs = await ask(network.url, 'GET /events?after=0', undefined, other.body.token);
      expect(shown(theirs.body.events)).toEqual([]);
      expect(texts(theirs.body.events)).toEqual(['x', 'y']);
    },
  );
});

describe('the events of the loopback network', () => {
  it('come when they happen, to whoever waits', async () => {
    const { bob } = await inLobby();
    const { next } = await bob.events(0);
    const waiting = bob.events(next, 60_000);
    await bob.say('lobby', 'now');
    expect(texts((await waiting).events)).toEqual(['now']);
  });

  it('come page by page, none lost between two', async () => {
    const { bob } = await inLobby();
    for (let n = 0; n < 250; n++) await bob.say('lobby', String(n));
    const seen: unknown[] = [];
    for (let after = 0, size = 1; size > 0; ) {
      const { events, next } = await bob.events(after);
      seen.push(...texts(events));
      [after, size] = [next, events.length];
    }
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => String(n)));
  });

  it('are none when the wait is over', async () => {
    const { bob } = await inLobby();
    const { next } = await bob.events(0);
    expect(await bob.events(next, 20)).toEqual({ events: [], hints: [], next });
  });
});

describe('the log of the loopback network', () => {
  it('holds everything that was accepted, and is the network at the next start', async () => {
    const dir = await aDirectory();
    const { network, bob } = await inLobby({ dir });
    const id = await bob.say('lobby', 'helo');
    await bob.edit('lobby', id, 'hello');
    await bob.react('lobby', id, '👍');
    await bob.setChat('lobby', { topic: 'All' });
    await bob.rename('Robert');
    const before = network.log();
    await network.close();
    expect(readLoopbackLog(dir)).toEqual(before);

    const again = await start({ dir });
    expect(again.log()).toEqual(before);
    const same = await loopbackPerson(again.url, { token: bob.token });
    await same.react('lobby', id, '👍');
    await same.edit('lobby', id, 'hello');
    expect(again.log()).toEqual(before);
    const chat = await ask(again.url, 'GET /chats/lobby', undefined, bob.token);
    expect(chat.body).toMatchObject({ topic: 'All', members: [{ id: 'bob' }] });
    expect((await ask(again.url, 'GET /users/bob')).body.displayName).toBe('Robert');
    expect(await same.say('lobby', 'more')).not.toBe(id);
  });

  it('loses a line that was never ended, and keeps what came before', async () => {
    const dir = await aDirectory();
    const { network, bob } = await inLobby({ dir });
    await bob.say('lobby', 'whole');
    await network.close();
    const file = join(dir, 'log.jsonl');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}{"type":"message","text":"ha`);
    expect(readLoopbackLog(dir)).toEqual(network.log());
    const again = await start({ dir });
    const same = await loopbackPerson(again.url, { token: bob.token });
    await same.say('lobby', 'next');
    expect(readLoopbackLog(dir).map((entry) => ('text' in entry ? entry.text : ''))).toContain(
      'next',
    );
    expect(texts(again.messages())).toEqual(['whole', 'next']);
  });

  it('says where it is broken, instead of starting anew', async () => {
    const dir = await aDirectory();
    const { network } = await inLobby({ dir });
    await network.close();
    const file = join(dir, 'log.jsonl');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}nonsense\n`);
    await expect(start({ dir })).rejects.toThrow(/log\.jsonl:\d+ is not a JSON line/);
    await writeFile(file, whole.split('\n').slice(1).join('\n'));
    await expect(start({ dir })).rejects.toThrow('The log has entry 2 where 1 belongs');
  });

  it('shows no token to whoever asks for it', async () => {
    const { network, bob } = await inLobby();
    const { entries } = (await ask(network.url, 'GET /_log')).body;
    expect(entries.length).toBeGreaterThan(2);
    expect(JSON.stringify(entries)).not.toContain(bob.token);
  });
});

describe('the loopback network, asked badly', () => {
  it.each([
    ['POST /chats/lobby/messages', {}, 400, 'text'],
    ['POST /chats/lobby/messages', { text: '' }, 400, 'empty'],
    ['POST /chats/lobby/messages', { text: 'x', color: 'red' }, 400, 'color'],
    ['POST /chats/lobby/messages', { text: 'x'.repeat(16_385) }, 413, '16384'],
    ['POST /chats/lobby/messages', { text: 'x'.repeat(200_000) }, 413, 'bytes'],
    ['POST /chats/lobby/messages', { text: 'x', guise: { name: 'Eve' } }, 403, 'bot'],
    ['PATCH /me', { displayName: 'Eve\r\nQUIT' }, 400, 'control'],
    ['POST /accounts', { id: 'Upper' }, 400, 'a-z'],
    ['POST /accounts', { id: 'bob' }, 409, 'already'],
    ['POST /accounts', { id: 'me' }, 409, 'already'],
    ['POST /chats/direct%3Aa%2Bb/members/me', { is: 'in' }, 404, 'no group'],
    ['POST /chats/a%0Ab/members/me', { is: 'in' }, 404, 'no group'],
    ['POST /chats/nowhere/messages', { text: 'x' }, 404, 'no chat'],
    ['POST /direct', { with: 'nobody' }, 404, 'no user'],
    ['GET /events?after=-1', undefined, 400, 'after'],
    ['GET /events?after=x', undefined, 400, 'after'],
    ['GET /chats/%E0%A4%A', undefined, 400, 'escape'],
    ['GET /nowhere', undefined, 404, 'GET /nowhere'],
    ['PUT /clients/v1', { kind: 'relay' }, 403, 'bot'],
    ['POST /_misbehave', { is: 'explode' }, 400, 'is'],
  ])('answers %s %o with %i', async (what, body, status, message) => {
    const { network, bob } = await inLobby();
    const before = network.log().length;
    const answer = await ask(network.url, what, body, bob.token);
    expect(answer.status).toBe(status);
    expect(answer.body.message).toContain(message);
    expect(network.log()).toHaveLength(before);
    await bob.say('lobby', 'still here');
  });

  it('refuses a line that is longer than it was started with, and tells how long one may be', async () => {
    const { network, bob } = await inLobby({ maxLineBytes: 5 });
    const id = await bob.say('lobby', 'abcdé'.slice(1));
    const long = { text: 'abcdé' };
    for (const what of ['POST /chats/lobby/messages', `PUT /chats/lobby/messages/${id}`]) {
      const { status, body } = await ask(network.url, what, long, bob.token);
      expect([status, body]).toEqual([413, expect.objectContaining({ error: 'line_too_long' })]);
    }
    expect((await ask(network.url, 'GET /me')).body).toMatchObject({ maxLineBytes: 5 });
  });

  it('wants a token, and a body that says that it is JSON', async () => {
    const { network } = await inLobby();
    expect((await ask(network.url, 'GET /me', undefined, 'made-up')).status).toBe(401);
    const url = `${network.url}/accounts`;
    const bare = await fetch(url, { method: 'POST', body: '{"id":"eve"}' });
    expect(bare.status).toBe(415);
    const headers = { 'content-type': 'application/json' };
    const broken = await fetch(url, { method: 'POST', body: '{"id":', headers });
    expect(broken.status).toBe(400);
  });

  it('lets a web page in only where it was told to', async () => {
    const origin = 'http://127.0.0.1:8080';
    const [closed, open] = [await start(), await start({ allowOrigin: origin })];
    const allowed = async (url: string) =>
      (await fetch(`${url}/me`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin');
    expect(await allowed(closed.url)).toBeNull();
    expect(await allowed(open.url)).toBe(origin);
  });
});

describe('the loopback network, told to go wrong', () => {
  it.each([
    [{ is: 'error', when: 'before' } as const, 500, []],
    [{ is: 'error', when: 'after' } as const, 500, ['x']],
    [{ is: 'rate-limit', retryAfterMs: 1500 } as const, 429, []],
    [{ is: 'refuse' } as const, 403, []],
    [{ is: 'delay', when: 'before', delayMs: 5 } as const, 200, ['x']],
    [{ is: 'delay', when: 'after', delayMs: 5 } as const, 200, ['x']],
  ])('answers once as with %o, and then is well', async (fault, status, said) => {
    const { network, bob } = await inLobby();
    network.misbehave(fault);
    const post = () => ask(network.url, 'POST /chats/lobby/messages', { text: 'x' }, bob.token);
    const answer = await post();
    expect([answer.status, texts(network.messages())]).toEqual([status, said]);
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('2');
    expect((await post()).status).toBe(200);
  });

  it.each([
    ['before', []],
    ['after', ['x']],
  ] as const)('closes the connection %s the effect', async (when, said) => {
    const { network, bob } = await inLobby();
    network.misbehave({ is: 'drop', when });
    await expect(bob.say('lobby', 'x')).rejects.toThrow('fetch failed');
    expect(texts(network.messages())).toEqual(said);
  });

  it('does nothing for whoever has gone before it began', async () => {
    const { network, bob } = await inLobby();
    network.misbehave({ is: 'delay', when: 'before', delayMs: 400 });
    const headers = { authorization: `Bearer ${bob.token}`, 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: '{"text":"given up"}' };
    const signal = AbortSignal.timeout(10);
    const given = fetch(`${network.url}/chats/lobby/messages`, { ...init, signal });
    await expect(given).rejects.toThrow();
    network.misbehave({ is: 'delay', when: 'before', delayMs: 500 });
    await bob.say('lobby', 'later');
    expect(texts(network.messages())).toEqual(['later']);
  });

  it('meets the requests that it was told to, and is well when told so', async () => {
    const { network, bob } = await inLobby();
    await ask(network.url, 'POST /_misbehave', { is: 'refuse', on: 'GET /events', times: 9 });
    await bob.say('lobby', 'x');
    await expect(bob.events(0)).rejects.toThrow('403');
    await ask(network.url, 'DELETE /_misbehave');
    expect(texts((await bob.events(0)).events)).toEqual(['x']);
  });
});
