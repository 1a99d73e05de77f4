import { createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BadFile, openFile, SEAL_BYTES, sealFile } from '#gia';

const MB = 1024 * 1024;

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of bytes) all.push(piece);
  return Buffer.concat(all);
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gia-media-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function sealed(plain: Uint8Array) {
  const { bytes, file } = sealFile(pieces(plain, 1000));
  const stored = await collect(bytes);
  return { stored, item: file() };
}

type Item = Awaited<ReturnType<typeof sealed>>['item'];
const opening = (stored: Uint8Array, item: Partial<Item>, size = 700) => ({
  ...{ source: pieces(stored, size), item, file: join(newFolder(), 'f'), maxBytes: 64 * MB },
});

async function refusalOf(stored: Uint8Array, item: Partial<Item>, maxBytes = MB): Promise<string> {
  try {
    const { close } = await openFile({ ...opening(stored, item), maxBytes });
    await close();
    return 'none';
  } catch (error) {
    if (error instanceof BadFile) return error.code;
    throw error;
  }
}

describe('sealFile', () => {
  it('encrypts with AES-128-GCM, the tag behind it, and says what was stored', async () => {
    const plain = randomBytes(5000);
    const { stored, item } = await sealed(plain);
    const decipher = createDecipheriv('aes-128-gcm', item.seal.key, item.seal.nonce);
    decipher.setAuthTag(stored.subarray(-SEAL_BYTES));
    const opened = [decipher.update(stored.subarray(0, -SEAL_BYTES)), decipher.final()];

    expect(Buffer.concat(opened).equals(plain)).toBe(true);
    expect(item.sizeBytes).toBe(stored.length);
    expect(Buffer.from(item.sha256)).toEqual(createHash('sha256').update(stored).digest());
  });

  it('takes a new key for each file, also for the same one again', async () => {
    const [one, other] = [await sealed(Buffer.from('x')), await sealed(Buffer.from('x'))];

    expect(one.item.seal.key).not.toEqual(other.item.seal.key);
    expect(one.stored).not.toEqual(other.stored);
  });

  it('makes the same bytes again under a seal that is given to it', async () => {
    const plain = randomBytes(5000);
    const { stored, item } = await sealed(plain);
    const again = sealFile(pieces(plain, 333), item.seal);

    expect((await collect(again.bytes)).equals(stored)).toBe(true);
    expect(again.file()).toEqual(item);
  });

  it('says nothing of a file before it was read to its end', () => {
    expect(() => sealFile(pieces(randomBytes(5), 5)).file()).toThrow('not read to its end');
  });

  it('reads on only as it is read', async () => {
    let pulled = 0;
    async function* source() {
      for (; pulled < 100; pulled++) yield randomBytes(MB / 8);
    }
    let ahead = 0;
    let read = 0;
    for await (const _ of sealFile(source()).bytes) ahead = Math.max(ahead, pulled - read++);

    expect(pulled).toBe(100);
    expect(ahead).toBeLessThanOrEqual(1);
  });
});

describe('openFile', () => {
  it.each([0, 1, 15, 16, 17, 1000, 70_000])('gives out what was sealed: %i bytes', async (size) => {
    const plain = randomBytes(size);
    const { stored, item } = await sealed(plain);
    for (const piece of [1 + (size >> 4), 16, 100_000]) {
      const { bytes, sizeBytes } = await openFile(opening(stored, item, piece));

      expect(sizeBytes).toBe(size);
      expect((await collect(bytes)).equals(plain)).toBe(true);
    }
  });

  it('gives out nothing where any byte changed, is missing or was added', async () => {
    const { stored, item } = await sealed(randomBytes(300));
    const { seal } = item;
    for (let at = 0; at < stored.length; at += 7) {
      const damaged = Buffer.from(stored);
      damaged[at]! ^= 1;
      expect([await refusalOf(damaged, { seal }), await refusalOf(damaged, item)]).toEqual(
        Array(2).fill('tampered'),
      );
    }
    for (const other of [
      stored.subarray(1),
      stored.subarray(0, -1),
      stored.subarray(0, 9),
      Buffer.concat([stored, stored]),
    ])
      expect(await refusalOf(other, { seal })).toBe('tampered');
  });

  it('refuses another key, hash or size than its sender said', async () => {
    const { stored, item } = await sealed(randomBytes(300));
    const key = new Uint8Array(16);

    expect(await refusalOf(stored, { seal: { ...item.seal, key } })).toBe('tampered');
    expect(await refusalOf(stored, { ...item, sha256: new Uint8Array(32) })).toBe('tampered');
    expect(await refusalOf(stored, { ...item, sizeBytes: 9 })).toBe('tampered');
    expect(await refusalOf(stored, item)).toBe('none');
  });

  it('checks the hash of what is not sealed', async () => {
    const plain = randomBytes(99);
    const sha256 = new Uint8Array(createHash('sha256').update(plain).digest());
    const { bytes } = await openFile(opening(plain, { sha256 }));

    expect((await collect(bytes)).equals(plain)).toBe(true);
    expect(await refusalOf(plain.subarray(1), { sha256 })).toBe('tampered');
  });

  it('stops receiving what is too large', async () => {
    let pulled = 0;
    async function* endless() {
      for (;;) {
        pulled++;
        yield Buffer.alloc(1000);
      }
    }
    const file = join(newFolder(), 'f');

    await expect(openFile({ source: endless(), item: {}, file, maxBytes: 5000 })).rejects.toThrow(
      BadFile,
    );
    expect(pulled).toBe(6);
  });

  it('leaves nothing behind, and never shows on the disk what was sealed', async () => {
    const folder = newFolder();
    const { stored, item } = await sealed(randomBytes(3000));
    const opened = await openFile({ ...opening(stored, item), file: join(folder, 'f') });
    expect(existsSync(join(folder, 'f'))).toBe(false);
    for await (const _ of opened.bytes) break;
    const unread = await openFile({ ...opening(stored, item), file: join(folder, 'g') });
    await unread.close();

    expect(readdirSync(folder)).toEqual([]);
  });

  it('carries a large file in little memory', async () => {
    const size = 48 * MB;
    async function* source() {
      const piece = randomBytes(MB / 4);
      for (let at = 0; at < size; at += piece.length) yield piece;
    }
    const { bytes, file } = sealFile(source());
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    async function* watched() {
      for await (const piece of bytes) {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
        yield piece;
      }
    }
    const opening = {
      source: watched(),
      item: {},
      file: join(newFolder(), 'f'),
      maxBytes: 64 * MB,
    };
    const { sizeBytes, bytes: opened } = await openFile(opening);
    for await (const _ of opened)
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);

    expect(sizeBytes).toBe(size + SEAL_BYTES);
    expect(file().sizeBytes).toBe(sizeBytes);
    expect(most).toBeLessThan(40 * MB);
  });
});
