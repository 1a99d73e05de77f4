import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, vi } from 'vitest';
import { gatekeeperWith } from '../../../bridges/gatekeeper/index.ts';
import { AliceClient } from '../../../gatekeeper/client/client.ts';
import type { Told } from '../../../gatekeeper/client/hearing.ts';
import { deviceStream } from '../../../gatekeeper/hub/streams.ts';
import { Faults } from '../../../gatekeeper/server/faults.ts';
import { adapterContract } from '../../../src/testing/index.ts';
import { TestGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { approvedIn } from './bench.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** Whoever speaks in the contract. */
const NAME = 'voice-ann';

const wordsOf = ({ what }: Told): string[] => {
  if (!('said' in what) || what.said.kind !== 'message') return [];
  return what.said.items.map((item) => (item.kind === 'text' ? item.text : item.kind));
};

/** A gatekeeper of its own, with Alice, who has begun a chat. */
async function fixture(suite: 'mls10/1' | 'e2b/1') {
  const folder = await mkdtemp(join(tmpdir(), 'gatekeeper-contract-'));
  folders.push(folder);
  let isLosing = false;
  const faults = new Faults([{ at: 'sendMessage', kind: 'drop', percent: 100 }], () =>
    isLosing ? 0 : 1,
  );
  const server = new TestGatekeeper({ faults });
  await server.start();
  const { provider, options } = await approvedIn(folder, server, {
    domain: 'contract.example',
  });
  await provider.enlist(NAME, []);
  const local = await server.local('alice', []);
  const about = { origin: server.origin, ca: server.certificate, device: 'phone' };
  const alice = await AliceClient.open({
    ...{ ...about, name: 'alice', password: 'secret', file: join(folder, 'alice.db') },
  });
  const chat = await alice.talkTo(`${NAME}@contract.example`, suite);
  const said: string[] = [];
  const listening = (async () => {
    for await (const { told } of alice.heard())
      if (told.from !== local.ref) said.push(...wordsOf(told));
  })();
  /** Alice has all that the gatekeeper has for her. */
  const isUpToDate = () => {
    const { events } = server.gatekeeper.context.store;
    return events.after(deviceStream(local.ref, about.device), 0, 1).length === 0;
  };
  return {
    adapter: gatekeeperWith(50),
    config: { ...options, suites: [suite] },
    chat,
    remembers: true as const,
    unknownChat: `cv_${'x'.repeat(22)}`,
    async said() {
      await vi.waitFor(() => expect(isUpToDate()).toBe(true), { timeout: 5_000 });
      await new Promise((resolve) => setImmediate(resolve));
      return said;
    },
    async speak(text: string) {
      await alice.say(chat, { kind: 'message', items: [{ kind: 'text', format: 'plain', text }] });
      await alice.settled();
    },
    async cut() {
      server.gatekeeper.context.hub.streams.endAll();
    },
    faults: [
      {
        name: 'the answer is lost',
        begin: async () => {
          isLosing = true;
        },
        end: async () => {
          isLosing = false;
        },
      },
    ],
    async stop() {
      await alice.close();
      await listening;
      await server.remove();
    },
  };
}

describe.each(['e2b/1', 'mls10/1'] as const)('gatekeeper over %s', (suite) => {
  adapterContract(() => fixture(suite), { faults: ['the answer is lost'] });
});
