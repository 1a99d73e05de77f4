import { copyFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { StorageError } from '../../../../src/ports/storage-error.ts';
import type { Storage } from '../../../../src/ports/store.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';
import {
  matrixEvents,
  waitingEvents,
  written,
} from '../../../../src/testing/store-contract/fixtures.ts';
import { damage, overwrite } from '../../../flow/support/damage.ts';
import { tempFolders } from '../temp-folder.ts';

const key = new Uint8Array(32).fill(7);

describe('a storage whose file is damaged', () => {
  const folder = tempFolders();
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });

  async function open(path: string, damaged?: (error: StorageError) => void): Promise<Storage> {
    const storage = await openStorage({ path, key, ...(damaged && { damaged }) });
    opened.push(storage);
    return storage;
  }

  /** As `kill -9` leaves it, with all that was committed in its write-ahead log. */
  async function killed(...ids: readonly string[]): Promise<string> {
    const [living, dead] = [join(folder(), 'living.db'), join(folder(), 'dead.db')];
    const storage = await open(living);
    for (const id of ids) await written(storage, matrixEvents(id));
    for (const end of ['', '-wal']) copyFileSync(living + end, dead + end);
    return dead;
  }

  it('tells of the damage when something is read or written there', async () => {
    const path = join(folder(), 'a.db');
    await written(await open(path), matrixEvents('a'));
    await opened.pop()?.close();
    damage(path, 'matrix_event');
    const told: string[] = [];
    const storage = await open(path, ({ message }) => told.push(message));
    await expect(written(storage, matrixEvents('b'))).rejects.toThrow(/is damaged/);
    await expect(waitingEvents(storage)).rejects.toThrow(/is damaged/);
    expect(new Set(told)).toEqual(new Set([expect.stringContaining('backup')]));
  });

  it('is whole after a kill', async () => {
    const path = await killed('a', 'b', 'c');
    expect(await waitingEvents(await open(path))).toEqual(['$a', '$b', '$c']);
  });

  it('has what was committed before the damage, when that is in the write-ahead log', async () => {
    const path = await killed('a', 'b', 'c');
    overwrite(`${path}-wal`, statSync(`${path}-wal`).size - 5_000, 1_000);
    const storage = await open(path);
    expect(await waitingEvents(storage)).toEqual(['$a', '$b']);
    await written(storage, matrixEvents('c'));
    expect(await waitingEvents(storage)).toEqual(['$a', '$b', '$c']);
  });

  it('loses nothing when the files beside it are deleted while it is open, if it is closed then', async () => {
    const path = join(folder(), 'a.db');
    const storage = await open(path);
    await written(storage, matrixEvents('a'));
    for (const end of ['-wal', '-shm']) rmSync(path + end);
    await written(storage, matrixEvents('b'));
    await opened.pop()?.close();
    expect(await waitingEvents(await open(path))).toEqual(['$a', '$b']);
  });
});
