import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { tempFolders } from './temp-folder.ts';

const base64 = Buffer.alloc(32, 5).toString('base64');

describe('loadOrCreateKey', () => {
  const folder = tempFolders();

  it('makes a key that only its owner can read, and finds it again', () => {
    const path = join(folder(), 'key');
    const key = loadOrCreateKey(path);
    expect(key).toHaveLength(32);
    expect(readdirSync(dirname(path))).toEqual(['key']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadOrCreateKey(path)).toEqual(key);
    expect(loadOrCreateKey(join(folder(), 'key'))).not.toEqual(key);
  });

  it('takes the key of the environment, and leaves the file alone', () => {
    const path = join(folder(), 'key');
    expect(loadOrCreateKey(path, `${base64}\n`)).toEqual(new Uint8Array(32).fill(5));
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it.each(['', 'short', `${base64}${base64}`, 'x'.repeat(44)])(
    'refuses %j, without showing it or replacing the file',
    (text) => {
      const path = join(folder(), 'key');
      writeFileSync(path, text, { mode: 0o600 });
      expect(() => loadOrCreateKey(path)).toThrow(/openssl rand -base64 32.*backup/);
      expect(readFileSync(path, 'utf8')).toBe(text);
      const refused = () => loadOrCreateKey(path, text);
      expect(refused).toThrow(/environment/);
      if (text !== '') expect(refused).not.toThrow(text);
    },
  );

  it('says what to do where the file cannot be made or read', () => {
    expect(() => loadOrCreateKey(join(folder(), 'missing', 'key'))).toThrow(/create it/);
    const path = join(folder(), 'key');
    mkdirSync(path);
    expect(() => loadOrCreateKey(path)).toThrow(/is a folder/);
  });

  it('warns where others can read it', async () => {
    const path = join(folder(), 'key');
    writeFileSync(path, base64);
    chmodSync(path, 0o644);
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    loadOrCreateKey(path);
    const { message } = await warned;
    expect(message).toContain('chmod 600');
    expect(message).not.toContain(base64);
  });
});
