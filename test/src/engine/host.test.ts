import { describe, expect, it } from 'vitest';
import { createHost, type Heard } from '../../../src/engine/host.ts';
import type { NetworkOptions } from '../../../src/engine/options.ts';
import type { ChatView } from '../../../src/model/remote-ids.ts';
import { bytes, chat, network, said } from '../../../src/testing/store-contract/fixtures.ts';
import { storageOnFile } from './on-file.ts';

describe('createHost', () => {
  async function host() {
    const { elsewhere, context } = await storageOnFile();
    const read = async (from: typeof elsewhere) => {
      const rows = await from.journal.chatHead(network, { chat }, 10);
      return rows.map(({ event }) => ('id' in event ? event.id : undefined));
    };
    const woken: Promise<unknown>[] = [];
    const heard = {
      events: (_: string, view: ChatView) => {
        woken.push(Promise.all([view.chat, read(elsewhere)]));
      },
    } as unknown as Heard;
    const options = { id: network, config: {} } as NetworkOptions;
    const made = createHost(context, options, heard, new AbortController().signal);
    return { ...made, woken, onDisk: () => read(elsewhere) };
  }

  it('takes what a network emits only once it is on disk', async () => {
    const { emit, onDisk } = await host();
    await emit(said('m'));
    expect(await onDisk()).toEqual(['m']);
  });

  it('wakes its chat then, as nobody in Matrix may hear it earlier', async () => {
    const { emit, woken } = await host();
    await emit(said('m'));
    expect(await Promise.all(woken)).toEqual([[chat, ['m']]]);
  });

  it('says that a step from a state that is no longer there is stale, and takes nothing', async () => {
    const { emit, woken, onDisk } = await host();
    const step = { key: 'ratchet', value: bytes(2), from: bytes(1) };
    await expect(emit(said('m'), [step])).rejects.toMatchObject({ code: 'stale' });
    expect(woken).toEqual([]);
    expect(await onDisk()).toEqual([]);
  });
});
