import { beforeAll, describe, expect, it } from 'vitest';
import { suspendUser } from '../../gatekeeper/admin/users.ts';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import type { TestProvider, TestUser } from './support/provider.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper({ rates: { messages: { burst: 5, perSecond: 0.001 } } });
let provider: TestProvider;
let alice: LocalUser;

beforeAll(async () => {
  provider = await gatekeeper.provider('bobchat.example');
  alice = await gatekeeper.local('alice');
});

async function enlist(
  by: TestProvider,
  visible_id: string,
  claims: Record<string, unknown> = {},
  more = {},
) {
  const user_token = await by.userToken(visible_id, claims);
  const body = {
    visible_id,
    user_token,
    profile: { name: visible_id },
    consent: { tos_version: '1', discoverable: true },
    ...more,
  };
  return by.call('POST', '/users', { body });
}

describe('enlistment', () => {
  it('makes a user once', async () => {
    const first = await enlist(provider, 'bob@bobchat.example');
    const again = await enlist(provider, 'bob@bobchat.example');
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({
      state: 'active',
      provider: 'bobchat.example',
      integrator: 1,
    });
  });

  it('is refused where the token is not of this person, too old, used before, or of nobody of the domain', async () => {
    const iat = Math.floor(Date.now() / 1000);
    const user_token = await provider.userToken('x@bobchat.example');
    const code = async (id: string, claims = {}, more = {}) =>
      codeOf(await enlist(provider, id, claims, more));

    expect(await code('x@bobchat.example', { sub: 'y@bobchat.example' })).toBe('invalid_request');
    expect(await code('x@other.example')).toBe('invalid_request');
    expect(await code('x@bobchat.example', { exp: iat + 660 })).toBe('token_expired');
    expect(await code('x@bobchat.example', { aud: 'https://other.example' })).toBe(
      'unauthorized_provider',
    );
    expect(await code('x@bobchat.example', { auth_time: iat + 9999 })).toBe('invalid_request');
    expect(await code('x@bobchat.example', {}, { user_token })).toBe(201);
    expect(await code('x@bobchat.example', {}, { user_token })).toBe('token_replayed');
  });

  it('ends with the keys, devices and queues, and a new one is another user', async () => {
    const zoe = await provider.enlist('zoe');
    await zoe.talkTo(alice);
    const reader = await alice.events();
    expect((await zoe.call('DELETE', `/users/${zoe.ref}`)).status).toBe(204);
    await reader.until(({ type, data }) => type === 'user.deleted' && data.user_ref === zoe.ref);
    expect(codeOf(await alice.call('GET', `/users/${zoe.ref}`))).toBe('not_found');
    expect(codeOf(await zoe.call('GET', '/blocks'))).toBe('not_found');
    expect((await provider.enlist('zoe')).ref).not.toBe(zoe.ref);
  });
});

describe('a challenge of the gatekeeper itself', () => {
  it('lets nobody in whom the provider vouches for and who fails it', async () => {
    const doubted = await gatekeeper.provider('doubted.example', {});
    const { body } = await enlist(doubted, 'dan@doubted.example');
    const answer = async (text: string) =>
      codeOf(
        await doubted.call('POST', `/users/${body.user_ref}/challenge`, {
          body: { challenge_id: body.challenge.challenge_id, answer: text },
        }),
      );
    expect(body).toMatchObject({ state: 'challenge', challenge: { kind: 'code' } });
    expect(codeOf(await doubted.call('GET', '/blocks', { as: body.user_ref }))).toBe('forbidden');

    for (let attempt = 0; attempt < 5; attempt++) expect(await answer('no')).toBe('forbidden');
    expect(await answer(gatekeeper.codes.get('dan@doubted.example') ?? '')).toBe('conflict');
  });

  it('lets in whom the provider vouches for and who passes it', async () => {
    const doubted = await gatekeeper.provider('doubted2.example', {});
    await enlist(doubted, 'dan@doubted2.example');
    const { body } = await enlist(doubted, 'dan@doubted2.example');
    const code = gatekeeper.codes.get('dan@doubted2.example');
    const answer = { challenge_id: body.challenge.challenge_id, answer: code };
    const passed = await doubted.call('POST', `/users/${body.user_ref}/challenge`, {
      body: answer,
    });
    expect(passed.body.state).toBe('active');
    expect(codeOf(await doubted.call('GET', '/blocks', { as: body.user_ref }))).toBe(200);
  });

  it('is over after ten minutes', async () => {
    const doubted = await gatekeeper.provider('doubted3.example', {});
    const { body } = await enlist(doubted, 'dan@doubted3.example');
    gatekeeper.turnClock(11 * 60_000);
    const iat = Math.floor(Date.now() / 1000) + 11 * 60;
    const late = await doubted.call('POST', `/users/${body.user_ref}/challenge`, {
      body: {
        challenge_id: body.challenge.challenge_id,
        answer: gatekeeper.codes.get('dan@doubted3.example'),
      },
      claims: { iat, exp: iat + 60 },
    });
    gatekeeper.turnClock(-11 * 60_000);
    expect(codeOf(late)).toBe('conflict');
  });
});

/** Each of these holds for a local user and for a remote one: who calls is the only difference. */
describe.each(['local', 'remote'] as const)('a %s user', (kind) => {
  let user: TestUser;

  beforeAll(async () => {
    user = kind === 'local' ? await gatekeeper.local('kim') : await provider.enlist('kim');
  });

  it('is found by a search, by a lookup and by the ref, as any other', async () => {
    const view = (await alice.call('GET', `/users/${user.ref}`)).body;
    expect(view).toMatchObject({
      visible_id: user.visibleId,
      state: 'active',
      profile: { name: 'kim' },
    });
    const found = (await alice.call('GET', '/users?q=kim')).body.users;
    expect(found).toContainEqual(view);
    const looked = await alice.call('POST', '/lookup', {
      body: { identifiers: [user.visibleId, 'no@one.example'] },
    });
    expect(looked.body.results).toEqual([
      { identifier: user.visibleId, status: 'found', user_ref: user.ref, name: 'kim' },
      { identifier: 'no@one.example', status: 'not_found_or_not_allowed' },
    ]);
  });

  it('is not found by whom they blocked', async () => {
    await user.call('PUT', `/blocks/${alice.ref}`);
    const looked = await alice.call('POST', '/lookup', { body: { identifiers: [user.visibleId] } });
    expect(looked.body.results[0].status).toBe('not_found_or_not_allowed');
    await user.call('DELETE', `/blocks/${alice.ref}`);
  });

  it('changes their own profile, and nobody else changes it', async () => {
    await user.talkTo(alice);
    const reader = await alice.events();
    const body = { profile: { name: 'Kim K.' } };
    expect(codeOf(await alice.call('PATCH', `/users/${user.ref}`, { body }))).toBe('forbidden');
    expect((await user.call('PATCH', `/users/${user.ref}`, { body })).body.profile).toEqual({
      name: 'Kim K.',
    });
    await reader.until(({ type, data }) => type === 'user.updated' && data.user_ref === user.ref);
  });

  it('is slowed down after so many messages, and told for how long', async () => {
    const chat = await user.talkTo(alice);
    const device = kind === 'local' ? 'phone' : 'bridge';
    const answers = [];
    for (let n = 0; n < 6; n++) answers.push(await user.say(chat, `${n}`, { device }));
    expect(answers.map(codeOf)).toEqual([202, 202, 202, 202, 202, 'rate_limited']);
    expect(Number(answers[5]?.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers[0]?.headers['ratelimit-limit']).toBeDefined();
  });

  it('that is suspended is refused, cannot be written to, and whoever talks to them is told', async () => {
    const reader = await alice.events();
    const streams = await gatekeeper.reading(provider.events());
    suspendUser(gatekeeper.admin, user.visibleId, 'spam');
    await reader.until(({ type, data }) => type === 'user.suspended' && data.user_ref === user.ref);
    if (kind === 'remote')
      await streams.until(({ type, to }) => type === 'user.suspended' && to?.user_ref === user.ref);
    const chat = await alice.talkTo(user);
    expect(codeOf(await user.call('GET', '/conversations'))).toBe('user_suspended');
    expect(codeOf(await alice.say(chat, 'hello?', { device: 'phone' }))).toBe('user_suspended');
  });
});
