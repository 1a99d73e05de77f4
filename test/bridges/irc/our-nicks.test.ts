import { describe, expect, it } from 'vitest';
import { OurNicks } from '../../../bridges/irc/our-nicks.ts';
import type { VoiceId } from '../../../src/adapter/index.ts';
import { type MemoryDisk, memoryDisk, memoryHost } from '../../../src/testing/index.ts';

const ann = { voice: 'v1' as VoiceId };
const { signal } = new AbortController();

async function opened(disk: MemoryDisk = memoryDisk()) {
  const { host, commit } = memoryHost({ config: {}, signal, disk });
  const nicks = new OurNicks(host.state);
  nicks.fold = (name) => name.toLowerCase();
  await nicks.load();
  return { nicks, disk, commit };
}

describe('OurNicks', () => {
  it('knows a nick as ours while a connection has it', async () => {
    const { nicks } = await opened();
    await nicks.take(ann, 'Ann');
    expect(nicks.now('ANN')).toEqual(ann);
    nicks.release('ann');
    expect(nicks.now('ann')).toBeUndefined();
  });

  it('knows after the next start under which nicks was spoken, the bot included', async () => {
    const { nicks, disk } = await opened();
    await nicks.take(ann, 'Ann');
    await nicks.take({}, 'bridge');
    const later = (await opened(disk)).nicks;
    expect(later.once('ann', undefined)).toEqual(ann);
    expect(later.once('bridge', 'x@y')).toEqual({});
    expect(later.now('ann')).toBeUndefined();
    expect(later.last(ann)).toBe('Ann');
  });

  it('does not take another for us who has an old nick of ours from elsewhere', async () => {
    const { nicks, disk, commit } = await opened();
    await nicks.take(ann, 'Ann');
    const change = nicks.seen(ann, 'Ann', 'ann@bridge.test');
    await commit(change && [change]);
    const later = (await opened(disk)).nicks;
    expect(later.once('Ann', 'ann@bridge.test')).toEqual(ann);
    expect(later.once('Ann', 'mallory@evil.test')).toBeUndefined();
  });

  it('has a change to store only when it learns something', async () => {
    const { nicks } = await opened();
    await nicks.take(ann, 'Ann');
    expect(nicks.seen(ann, 'Ann', 'a@h')).toBeDefined();
    expect(nicks.seen(ann, 'Ann', 'a@h')).toBeUndefined();
    expect(nicks.seen(ann, 'Ann', 'a@h2')).toBeDefined();
  });

  it('keeps the mask when the same nick is taken again', async () => {
    const { nicks, disk, commit } = await opened();
    await nicks.take(ann, 'Ann');
    const change = nicks.seen(ann, 'Ann', 'a@h');
    await commit(change && [change]);
    await nicks.take(ann, 'Ann');
    expect((await opened(disk)).nicks.once('Ann', 'x@y')).toBeUndefined();
  });

  it('remembers the last few nicks of a voice, not all of them', async () => {
    const { nicks, disk } = await opened();
    for (let n = 0; n < 12; n++) await nicks.take(ann, `ann${n}`);
    const later = (await opened(disk)).nicks;
    expect(later.once('ann11', undefined)).toEqual(ann);
    expect(later.once('ann4', undefined)).toEqual(ann);
    expect(later.once('ann3', undefined)).toBeUndefined();
  });

  it('forgets a voice that is given up', async () => {
    const { nicks, disk } = await opened();
    await nicks.take(ann, 'Ann');
    await nicks.forget(ann.voice);
    expect((await opened(disk)).nicks.once('Ann', undefined)).toBeUndefined();
    expect(disk.values.size).toBe(0);
  });
});
