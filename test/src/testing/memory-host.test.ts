import { describe, expect, it } from 'vitest';
import {
  BridgeError,
  mediaRef,
  type RemoteEvent,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
  type VoiceId,
} from '../../../src/adapter/index.ts';
import { memoryDisk, memoryHost } from '../../../src/testing/index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const { signal } = new AbortController();
const options = { config: {}, signal };

const said = (id: string, more: Partial<RemoteEvent> = {}): RemoteEvent =>
  ({
    kind: 'message',
    chat: remoteChatId('lobby'),
    sender: remoteUserId('bob'),
    sentAtMs: 1,
    id: remoteMessageId(id),
    body: { text: id },
    ...more,
  }) as RemoteEvent;

describe('memoryHost', () => {
  it('refuses all of a commit that was computed from what is no longer there', async () => {
    const { host, emitted, voice } = memoryHost(options);
    const { state } = voice('ann', 'enlisted');
    await state.save([state.change('ratchet', bytes('1'), null)]);

    const first = state.change('ratchet', bytes('2a'), bytes('1'));
    const second = state.change('ratchet', bytes('2b'), bytes('1'));
    await host.emit([], [first]);
    const cursor = host.state.change('cursor', bytes('7'));
    const refused = host.emit(said('m1'), [cursor, second]);
    await expect(refused).rejects.toMatchObject({ code: 'stale', effect: 'none' });

    expect(await state.get('ratchet')).toEqual(bytes('2a'));
    expect(await host.state.get('cursor')).toBeUndefined();
    expect(emitted).toEqual([]);
  });

  it("keeps a voice's facts apart from the network's own, whatever they are called", async () => {
    const { host, voice } = memoryHost(options);
    const ann = voice('a', 'login');
    const slashed = voice('a/b', 'login');
    await host.emit([], [ann.state.change('b/token', bytes('t'))]);
    expect(await host.state.get('b/token')).toBeUndefined();
    expect(await slashed.state.get('token')).toBeUndefined();
    expect(await ann.state.get('b/token')).toEqual(bytes('t'));
  });

  it('lists keys by their bytes, and only those that begin so', async () => {
    const { host } = memoryHost(options);
    const keys = ['p/\u{1F600}', 'p/\uFFFD', 'p/a', 'p/B', 'q/a', 'p'];
    await host.state.save(keys.map((key) => host.state.change(key, bytes(key))));
    const listed: string[] = [];
    for await (const [key] of host.state.list('p/')) listed.push(key);
    expect(listed).toEqual(['p/B', 'p/a', 'p/\uFFFD', 'p/\u{1F600}']);
  });

  it('gives out and takes in copies, as a disk does', async () => {
    const { host } = memoryHost(options);
    const value = bytes('1');
    await host.state.save([host.state.change('k', value)]);
    value[0] = 0;
    (await host.state.get('k'))?.fill(0);
    expect(await host.state.get('k')).toEqual(bytes('1'));
    await host.state.save([host.state.change('k', null)]);
    expect(await host.state.get('k')).toBeUndefined();
  });

  it('takes an event with a key once in each view, and one without each time', async () => {
    const { host, emitted } = memoryHost(options);
    const receiver = 'v1' as VoiceId;
    const keyed = said('m1', { key: '1' });
    await host.emit([keyed, keyed, said('m1', { key: '1', receiver })]);
    await host.emit(keyed);
    expect(emitted).toEqual([keyed, said('m1', { key: '1', receiver })]);
    await host.emit([said('m2'), said('m2')]);
    expect(emitted).toHaveLength(4);
  });

  it('finds everything again on the same disk', async () => {
    const disk = memoryDisk();
    const first = memoryHost({ ...options, disk });
    await first.host.emit(said('m1'), [first.host.state.change('cursor', bytes('1'))]);
    const second = memoryHost({ ...options, disk });
    expect(await second.host.state.get('cursor')).toEqual(bytes('1'));
    expect(second.emitted).toEqual([said('m1')]);
    expect(second.attempts).toEqual([]);
  });

  it('breaks when told to: an emit with an event rejects and leaves nothing', async () => {
    const { host, emitted, attempts, breakStorage } = memoryHost(options);
    breakStorage(new Error('the disk is full'));
    const cursor = host.state.change('cursor', bytes('1'));
    await host.emit([], [cursor]);
    await expect(host.emit(said('m1'), [host.state.change('cursor', bytes('2'))])).rejects.toThrow(
      'the disk is full',
    );
    expect(await host.state.get('cursor')).toEqual(bytes('1'));
    expect([emitted, attempts.length]).toEqual([[], 2]);
  });

  it('is stale when told to, once, for what can be stale', async () => {
    const { host, emitted, makeStale } = memoryHost(options);
    makeStale();
    await host.emit(said('m1'), [host.state.change('cursor', bytes('1'))]);
    const from = host.state.change('cursor', bytes('2'), bytes('1'));
    await expect(host.emit(said('m2'), [from])).rejects.toBeInstanceOf(BridgeError);
    await host.emit(said('m2'), [from]);
    expect(emitted).toHaveLength(2);
  });

  it('has the files that it was given, and no others', async () => {
    const media = new Map([[mediaRef('mxc://x/y'), bytes('content')]]);
    const { host } = memoryHost({ ...options, media });
    const chunks: Uint8Array[] = [];
    for await (const chunk of await host.openMedia(mediaRef('mxc://x/y'), signal))
      chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('content');
    await expect(host.openMedia(mediaRef('mxc://x/z'), signal)).rejects.toThrow('mxc://x/z');
  });
});
