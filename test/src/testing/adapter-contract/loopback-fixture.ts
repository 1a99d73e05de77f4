import { expect, vi } from 'vitest';
import { loopback } from '../../../../bridges/loopback/index.ts';
import type { AdapterFixture } from '../../../../src/testing/index.ts';
import {
  type LoopbackCertainty,
  type LoopbackFault,
  loopbackPerson,
  startLoopbackNetwork,
} from '../../../../src/testing/loopback-network/index.ts';

const on = 'POST /chats/lobby/messages';
const delayMs = 60_000;

/** What can go wrong with the sending of a message, by name. */
export const faults = {
  'an error before it happens': { is: 'error', when: 'before', on },
  'an error after it happened': { is: 'error', when: 'after', on },
  'the connection is lost before it happens': { is: 'drop', when: 'before', on },
  'the connection is lost after it happened': { is: 'drop', when: 'after', on },
  'no answer in time, nor did it happen': { is: 'delay', when: 'before', delayMs, on },
  'no answer in time, but it happened': { is: 'delay', when: 'after', delayMs, on },
  'too fast': { is: 'rate-limit', retryAfterMs: 10, on },
} as const satisfies Readonly<Record<string, LoopbackFault>>;

/** The reference adapter on a network of its own: able to do everything that the contract asks for. */
export async function loopbackFixture(certainty: LoopbackCertainty): Promise<AdapterFixture> {
  const network = await startLoopbackNetwork({ certainty });
  const signUp = (id: string) => loopbackPerson(network.url, { id });
  const [bob, ann] = [await signUp('bob'), await signUp('ann')];
  await bob.join('lobby');
  return {
    adapter: loopback,
    config: { url: network.url, certainty },
    voice: 'enlisted',
    login: { token: ann.token },
    chat: 'lobby',
    unknownChat: 'nowhere',
    remembers: true,
    said: async () => network.messages('lobby').map(({ text }) => text),
    speak: async (text) => void (await bob.say('lobby', text)),
    // Between two polls there is nothing to cut.
    cut: () => vi.waitFor(() => void expect(network.cut()).toBeGreaterThan(0)),
    commands: async () => network.requests(),
    faults: Object.entries(faults).map(([name, fault]) => ({
      name,
      begin: async () => network.misbehave(fault),
      end: async () => network.behave(),
    })),
    stop: () => network.close(),
  };
}
