import { Readable } from 'node:stream';
import { connect } from 'node:tls';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { basePath, limits } from '../../gia/schemas/index.ts';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import { type TestProvider, type TestUser, textOf } from './support/provider.ts';
import { codeOf, send } from './support/wire.ts';

const gatekeeper = useGatekeeper({
  rates: {
    caller: { burst: 80, perSecond: 1 },
    firstContacts: { burst: 3, perSecond: 0.001 },
    messageBytes: { burst: 100_000, perSecond: 1 },
    keyClaims: { burst: 3, perSecond: 0.001 },
    strangers: { burst: 10, perSecond: 0.001 },
  },
});
let honest: TestProvider;
let hostile: TestProvider;
let bob: TestUser;
let mallory: TestUser;
let alice: LocalUser;
let chat: string;
let agent: Agent;

beforeAll(async () => {
  honest = await gatekeeper.provider('bobchat.example');
  alice = await gatekeeper.local('alice');
  bob = await honest.enlist('bob');
  chat = await bob.talkTo(alice);
});

afterAll(() => agent.destroy());

const isNew = ({ type }: { type: string }) => type === 'message.new';

describe('a flood', () => {
  it('is refused, says for how long, and neither slows an honest provider nor loses anything of it', async () => {
    // Its connections are not those of the others, and this machine has to make only a few.
    agent = new Agent({ connect: { ca: gatekeeper.options.tls.cert }, connections: 8 });
    const place = { origin: gatekeeper.origin, agent };
    const flooding = await gatekeeper.provider('flood.example', { trustsAuth: true }, place);
    const reader = await alice.events();
    const flood = Promise.all(
      Array.from({ length: 200 }, () => flooding.call('GET', `/users/${alice.ref}`)),
    );
    const took: number[] = [];
    for (let n = 0; n < 20; n++) {
      const beganMs = performance.now();
      expect((await bob.say(chat, `honest ${n}`)).status).toBe(202);
      took.push(performance.now() - beganMs);
    }
    const refused = (await flood).filter((answer) => codeOf(answer) === 'rate_limited');
    expect(refused.length).toBeGreaterThan(50);
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0);
    await reader.until((it) => isNew(it) && textOf(it) === 'honest 19');
    const heard = reader.events.filter(isNew).map(textOf);
    expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => `honest ${n}`));
    // Beside a whole flood on a busy machine: far from what a caller waits for.
    expect(Math.max(...took)).toBeLessThan(5_000);
  });

  it('of strangers holds up nobody who is known', async () => {
    const asNobody = () =>
      gatekeeper.call('GET', '/blocks', undefined, { authorization: 'Bearer guess' });
    const codes = [];
    for (let n = 0; n < 12; n++) codes.push(codeOf(await asNobody()));
    expect(codes.slice(-2)).toEqual(['rate_limited', 'rate_limited']);
    expect(codes[0]).toBe('unauthorized_provider');
    expect(codeOf(await bob.call('GET', '/conversations'))).toBe(200);
  });
});

describe('a hostile provider', () => {
  let n = 0;
  beforeEach(async () => {
    n++;
    hostile = await gatekeeper.provider(`hostile${n}.example`);
    mallory = await hostile.enlist('mallory');
  });

  it('begins so many conversations a day for a user, and no more', async () => {
    const greedy = await hostile.enlist('greedy');
    const targets = [];
    for (let n = 0; n < 4; n++) targets.push(await gatekeeper.local(`target${n}`));
    const codes = [];
    for (const { ref } of targets)
      codes.push(
        codeOf(
          await greedy.call('POST', '/conversations', {
            body: { type: 'dm', peer: ref, suite: 'e2b/1' },
          }),
        ),
      );
    expect(codes).toEqual([201, 201, 201, 'rate_limited']);
  });

  it('cannot fill the disk with what it says, and what is refused is not there', async () => {
    const theirs = await mallory.talkTo(alice);
    const body = 'A'.repeat(40_000);
    const payloads = [{ to: 'group', type: 'application', body }];
    const reader = await alice.events();
    const say = (more = {}) => mallory.say(theirs, '', { more: { payloads, ...more } });
    expect([codeOf(await say()), codeOf(await say()), codeOf(await say())]).toEqual([
      202,
      202,
      'rate_limited',
    ]);
    expect(codeOf(await mallory.say(theirs, 'small'))).toBe(202);
    const last = await reader.until((it) => isNew(it) && textOf(it) === 'small');
    expect(last.data.seq).toBe(3);
  });

  it('cannot use up the key packages of somebody, whom others still reach', async () => {
    const key_packages = ['AAAA', 'AAAB', 'AAAC', 'AAAD', 'AAAE'];
    const keys = `/users/${alice.ref}/devices/phone/keys`;
    await alice.call('POST', keys, { body: { suite: 'mls10/1', key_packages } });
    const claim = (by: TestUser) =>
      by.call('POST', '/keys/claim', {
        body: {
          suite: 'mls10/1',
          sender_device: 'bridge',
          targets: [{ user_ref: alice.ref, devices: 'all' }],
        },
      });
    const codes = [];
    for (let n = 0; n < 5; n++) codes.push(codeOf(await claim(mallory)));
    expect(codes).toEqual([200, 200, 200, 'rate_limited', 'rate_limited']);
    expect((await claim(bob)).body.users[0].devices[0]).toMatchObject({
      status: 'success',
      key_package: 'AAAD',
    });
  });

  it('cannot have one target asked for many times in one claim', async () => {
    const target = { user_ref: alice.ref, devices: ['phone'] };
    const greedy = await hostile.enlist('greedier');
    const body = { suite: 'mls10/1', sender_device: 'bridge', targets: Array(4).fill(target) };
    expect(codeOf(await greedy.call('POST', '/keys/claim', { body }))).toBe('rate_limited');
    const { body: left } = await alice.call(
      'GET',
      `/users/${alice.ref}/devices/phone/keys?suite=mls10/1`,
    );
    expect(left.count).toBe(1);
  });

  it('sees nothing of other people', async () => {
    const nothing = await Promise.all([
      mallory.call('GET', `/conversations/${chat}`),
      mallory.say(chat, 'hi'),
      hostile.call('GET', '/blocks', { as: bob.ref }),
      hostile.call('POST', `/users/${bob.ref}/challenge`, {
        body: { challenge_id: 'x', answer: 'y' },
      }),
    ]);
    expect(nothing.map(codeOf)).toEqual(Array(4).fill('not_found'));
    expect(codeOf(await mallory.call('DELETE', `/users/${bob.ref}`))).toBe('forbidden');
    const { cursor } = await (await gatekeeper.reading(honest.events())).until(
      (it) => it.cursor !== undefined,
    );
    expect(codeOf(await hostile.call('POST', '/events/ack', { body: { cursor } }))).toBe(
      'invalid_request',
    );
  });
});

describe('a body', () => {
  it('that says to be too large is refused before it is sent', async () => {
    const url = new URL(`${gatekeeper.origin}${basePath}/provider-requests`);
    const socket = connect({
      host: '127.0.0.1',
      port: Number(url.port),
      servername: 'localhost',
      ca: gatekeeper.options.tls.cert,
    });
    socket.write(
      `POST ${url.pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${10 * limits.bodyBytes}\r\n\r\n{`,
    );
    let answer = '';
    for await (const chunk of socket) {
      answer += chunk;
      if (answer.includes('payload_too_large')) break;
    }
    expect(answer).toContain('HTTP/1.1 413');
  });

  it('that is too large without saying so is refused', async () => {
    async function* endless() {
      for (let sent = 0; sent <= limits.bodyBytes; sent += 65_536) yield Buffer.alloc(65_536, 0x20);
    }
    const answer = await request(`${gatekeeper.origin}${basePath}/provider-requests`, {
      dispatcher: gatekeeper.agent,
      method: 'POST',
      body: Readable.from(endless()),
    });
    expect(await answer.body.json()).toMatchObject({ code: 'payload_too_large' });
  });

  it.each([
    ['nested too deep', 'lie at most 12 deep', `${'['.repeat(13)}${']'.repeat(13)}`],
    ['nested very deep', 'lie at most 12 deep', '['.repeat(500_000)],
    [
      'nested in a member',
      'lie at most 12 deep',
      `{"domain":${'{"a":'.repeat(20)}1${'}'.repeat(20)}}`,
    ],
    ['no JSON', 'is not JSON', '{"domain":'],
    ['not in UTF-8', 'is not JSON', Buffer.from([0x22, 0xff, 0x22])],
    ['nothing', 'is not JSON', ''],
  ])('that is %s is refused, and told why', async (_what, why, body) => {
    const url = `${gatekeeper.origin}${basePath}/provider-requests`;
    const answer = await send(gatekeeper.agent, { method: 'POST', url, body });
    expect(codeOf(answer)).toBe('invalid_request');
    expect(answer.body.detail).toContain(why);
  });

  it('may have brackets in its texts', async () => {
    const url = `${gatekeeper.origin}${basePath}/provider-requests`;
    const body = JSON.stringify({ domain: `\\"${'['.repeat(100)}` });
    const { detail } = (await send(gatekeeper.agent, { method: 'POST', url, body })).body;
    expect(detail).toContain('body.domain');
  });

  it('with a private key is refused, and never shown again', async () => {
    const { jwks, ...rest } = honest.request;
    const d = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
    const body = {
      ...rest,
      domain: 'new.example',
      jwks: { keys: jwks?.keys.map((key) => ({ ...key, d })) },
    };
    const answer = await gatekeeper.call('POST', '/provider-requests', body);
    expect(codeOf(answer)).toBe('invalid_request');
    expect(JSON.stringify(answer.body)).not.toContain(d);
  });
});
