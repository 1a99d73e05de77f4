import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { mediaRef } from '#adapter';
import type { FileItem } from '#gia';
import { mediaPath } from '../../../gatekeeper/resources/media.ts';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { aliceAt } from './alice.ts';
import { approved, type Options, openOn } from './bench.ts';

const server = useGatekeeper();
const plain = randomBytes(300_000);
let count = 0;

async function* pieces(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 50_000) yield bytes.subarray(at, at + 50_000);
}

/** Alice shows a file to Ann. @returns what the bridge heard of it */
async function shown(options: Partial<Options> = {}, change: Partial<FileItem> = {}) {
  const domain = `files${++count}.example`;
  const opened = await openOn({ ...(await approved(server, domain)), ...options });
  await opened.enlist('ann');
  const client = await aliceAt(server);
  const about = { contentType: 'image/png', filename: 'cat.png', isInline: true };
  const item = { ...(await client.upload(pieces(plain), about)), ...change };
  const chat = await client.talkTo(`ann@${domain}`, 'mls10/1');
  await client.say(chat, { kind: 'message', items: [item] });
  await opened.until(() => opened.emitted.length > 0);
  const [event] = opened.emitted;
  const media = event?.kind === 'message' ? event.body.media?.[0] : undefined;
  if (!media) throw new Error('no file was heard of');
  const { network, signal } = opened;
  const read = async () => network.openMedia?.(media.ref, signal).then((bytes) => buffer(bytes));
  return { ...opened, media, item, read };
}

describe('openMedia', () => {
  it('gives out a file of somebody over there as it was, and leaves nothing of it behind', async () => {
    const { media, read } = await shown();
    expect(media).toMatchObject({ as: 'image', name: 'cat.png', sizeBytes: plain.length });

    expect((await read())?.equals(plain)).toBe(true);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('gatekeeper-'))).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^gatekeeper-[0-9a-f]{8}-/)]),
    );
  });

  it('gives out nothing of one that is not what its sender sealed', async () => {
    const { item, read } = await shown();
    const path = mediaPath(server, item.url.split('/').at(-1) ?? '');
    await writeFile(path, randomBytes(item.sizeBytes ?? 0));

    await expect(read()).rejects.toMatchObject({
      ...{ name: 'BridgeError', code: 'protocol', effect: 'none' },
      words: 'it is not what its sender sealed',
    });
  });

  it('refuses what is larger than the config allows, whatever its sender says of it', async () => {
    const { read } = await shown({ maxFileBytes: plain.length - 1 });
    await expect(read()).rejects.toMatchObject({ code: 'too_large' });
    const other = await shown({ maxFileBytes: plain.length - 1 }, { sizeBytes: 20 });
    await expect(other.read()).rejects.toMatchObject({ code: 'too_large' });
    const fits = await shown({ maxFileBytes: plain.length });
    expect((await fits.read())?.length).toBe(plain.length);
  });

  it('says of a file that is gone that it is gone', async () => {
    const { item, read } = await shown();
    server.gatekeeper.context.store.media.remove(item.url.split('/').at(-1) ?? '');

    await expect(read()).rejects.toMatchObject({
      words: 'the other service does not have it any more',
    });
  });

  it.each(['https://media.evil.example/file', 'https://127.0.0.1/file', 'http://localhost/file'])(
    'does not call an address of the choice of a message: %s',
    async (url) => {
      const { network, signal } = await openOn(await approved(server, `far${++count}.example`));
      const ref = mediaRef(JSON.stringify({ url }));

      await expect(network.openMedia?.(ref, signal)).rejects.toMatchObject({ code: 'unsupported' });
    },
  );

  it('ends when it is no longer wanted', async () => {
    const { network, media } = await shown();
    const ended = AbortSignal.abort();

    await expect(network.openMedia?.(media.ref, ended)).rejects.toThrow();
  });

  it('may be tried again where the gatekeeper does not answer', async () => {
    const { read } = await shown();
    await server.stop();
    await expect(read()).rejects.toMatchObject({ code: 'unreachable', effect: 'none' });
    await server.start();
    expect((await read())?.equals(plain)).toBe(true);
  });
});
