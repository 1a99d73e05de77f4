import { describe, expect, it } from 'vitest';
import { forgetPublished, publish, publishedText } from '../../../src/engine/published.ts';
import { network } from '../../../src/testing/store-contract/fixtures.ts';
import { storageOnFile } from './on-file.ts';

const DAY_MS = 86_400_000;
const publishing = { url: 'https://bridge.test/x', keepMs: DAY_MS };

async function publisher() {
  const { context: bare, storage } = await storageOnFile();
  const now = { atMs: Date.UTC(2026, 0, 1) };
  const clock = { ...bare.clock, now: () => now.atMs };
  const context = { ...bare, clock, networks: [{ id: network }] } as unknown as typeof bare;
  const put = async (text: string) => {
    const { url, save } = publish(context, publishing, { network, text });
    await storage.journal.commit([{ kind: 'state', network, change: save }]);
    return url.slice(`https://bridge.test/x/published/${network}/`.length);
  };
  return { context, storage, now, put, read: (id: string) => publishedText(context, network, id) };
}

describe('publish', () => {
  it('keeps a text under an address of its own, that nobody guesses', async () => {
    const { put, read } = await publisher();
    const ids = [await put('<b>ü'), await put('other')];
    expect(await Promise.all(ids.map(read))).toEqual(['<b>ü', 'other']);
    expect(ids[0]).toMatch(/^[0-9a-z]{9}-[\w-]{24}$/);
    expect(await read(ids[0]!.slice(0, -1))).toBeUndefined();
  });

  it('gives it to nobody once its time is over, and forgets it then', async () => {
    const { context, storage, now, put, read } = await publisher();
    const first = await put('first');
    now.atMs += DAY_MS / 2;
    const second = await put('second');
    now.atMs += DAY_MS / 2;
    expect(await read(first)).toBeUndefined();
    expect(await read(second)).toBe('second');
    await forgetPublished(context);
    const kept = [];
    for await (const [key] of storage.state.list(network, undefined, 'published/')) kept.push(key);
    expect(kept).toEqual([`published/${second}`]);
  });

  it('gives nothing away that was not published, nor of a network that is not there', async () => {
    const { context, storage, put, read } = await publisher();
    const change = { key: 'token', value: Buffer.from('secret') };
    await storage.journal.commit([{ kind: 'state', network, change }]);
    for (const id of ['', 'token', '../token', '..', 'published/x'])
      expect(await read(id)).toBeUndefined();
    expect(await publishedText(context, 'elsewhere', await put('x'))).toBeUndefined();
  });

  it('refuses what is too large', async () => {
    const { put } = await publisher();
    await expect(put('ä'.repeat(140_000))).rejects.toMatchObject({ code: 'too_large' });
  });
});
