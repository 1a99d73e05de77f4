import { beforeAll, describe, expect, it } from 'vitest';
import { readFaults } from '../../gatekeeper/server/faults.ts';
import { type LocalUser, useGatekeeper } from './support/gatekeeper.ts';
import type { TestUser } from './support/provider.ts';
import { random } from './support/signer.ts';
import { codeOf } from './support/wire.ts';

const gatekeeper = useGatekeeper();
let alice: LocalUser;
let bob: TestUser;
let chat: string;

beforeAll(async () => {
  bob = await (await gatekeeper.provider('bobchat.example')).enlist('bob');
  alice = await gatekeeper.local('alice');
  chat = await bob.talkTo(alice);
});

describe('faults on purpose', () => {
  it.each([
    ['unavailable', 'unavailable'],
    ['internal', 'internal'],
    ['limited', 'rate_limited'],
  ] as const)('refuse a call as %s before anything is done', async (kind, code) => {
    const key = random();
    gatekeeper.gatekeeper.faults.next('sendMessage', kind);
    const refused = await bob.say(chat, 'x', { key });
    const { status } = await bob.say(chat, 'y', { key });
    expect([codeOf(refused), status]).toEqual([code, 202]);
  });

  it('drop an answer after all is done', async () => {
    const key = random();
    gatekeeper.gatekeeper.faults.next('sendMessage', 'drop');
    await expect(bob.say(chat, 'x', { key })).rejects.toThrow();
    expect(codeOf(await bob.say(chat, 'y', { key }))).toBe('idempotency_conflict');
  });
});

describe('readFaults', () => {
  it('reads which calls go wrong, how, and how many in a hundred', () => {
    const faults = readFaults('sendMessage:drop=100,*:slow=0');
    expect(faults.take('sendMessage')).toBe('drop');
    expect(faults.take('getUser')).toBeUndefined();
  });

  it('explains what it does not understand', () => {
    for (const wrong of ['x', 'sendMessage:explode=5', '', 'sendMessage:drop'])
      expect(() => readFaults(wrong)).toThrow('should be like sendMessage:drop=5');
  });
});
