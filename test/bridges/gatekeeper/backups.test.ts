import { describe, expect, it } from 'vitest';
import type { MemoryDisk } from '../../../src/testing/index.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { approved, openOn, say } from './bench.ts';

const server = useGatekeeper();

const copyOf = ({ values }: MemoryDisk): MemoryDisk => ({ values: new Map(values), events: [] });

/** Ann and Bob, each behind a bridge of their own, who have said something to each other. */
async function talking(suite: string, domains: readonly [string, string]) {
  const options = { ...(await approved(server, domains[0])), suites: [suite] };
  const disk = memoryDisk();
  const here = await openOn(options, disk);
  const there = await openOn({ ...(await approved(server, domains[1])), suites: [suite] });
  const ann = await here.enlist('ann');
  const bob = await there.enlist('bob');
  const chat = await ann.session.direct?.(bob.self, here.signal);
  if (chat === undefined) throw new Error('no chat');
  await say(here, ann.session, chat, 'one');
  await there.heard('one');
  await say(there, bob.session, chat, 'two');
  await here.heard('two');
  return { options, disk, here, there, ann, bob, chat };
}

describe('a restored backup', () => {
  it('goes on over mls10/1 with new secrets, and has a hole for what came since', async () => {
    const { options, disk, here, there, ann, bob, chat } = await talking('mls10/1', [
      'backup-a.example',
      'backup-b.example',
    ]);
    const yesterday = copyOf(disk);
    await say(here, ann.session, chat, 'three');
    await say(there, bob.session, chat, 'four');
    await there.heard('one', 'three');
    await here.heard('two', 'four');
    await here.close();

    const again = await openOn(options, yesterday);
    const { session } = await again.enlist('ann');
    await again.heard('hole');
    await say(again, session, chat, 'five');
    await there.heard('one', 'three', 'five');
    await say(there, bob.session, chat, 'six');

    await again.heard('hole', 'six');
    expect(again.emitted[0]).toMatchObject({ kind: 'hole', chat, receiver: 'ann' });
  });
});

describe('a step of the ratchet', () => {
  it('is taken by one of two who take it at once, and nothing is sent of the other', async () => {
    const { here, there, ann, chat } = await talking('mls10/1', [
      'step-a.example',
      'step-b.example',
    ]);

    await Promise.all(['a', 'b', 'c', 'd'].map((text) => say(here, ann.session, chat, text)));

    await there.until(() => there.emitted.length === 5);
    const said = there.emitted.map((event) => (event.kind === 'message' ? event.body.text : ''));
    expect(said.toSorted()).toEqual(['a', 'b', 'c', 'd', 'one']);
  });
});
