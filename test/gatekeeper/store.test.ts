import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../gatekeeper/store/index.ts';

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatekeeper-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'it.db');
}

describe('openStore', () => {
  it('makes a database, and opens it again', () => {
    const path = place();
    openStore(path).close();
    expect(() => openStore(path).close()).not.toThrow();
  });

  it('leaves that of another program alone', () => {
    const path = place();
    new Sqlite(path).exec('CREATE TABLE other (x)').close();
    expect(() => openStore(path)).toThrow('is a database of another program');
  });

  it('leaves that of a newer version alone', () => {
    const path = place();
    openStore(path).close();
    const db = new Sqlite(path);
    db.pragma('user_version = 99');
    db.close();
    expect(() => openStore(path)).toThrow('was made by a newer gatekeeper (version 99');
  });

  it('writes all of a transaction or nothing of it', () => {
    const store = openStore(place());
    const ref = `ix:0:${'1'.repeat(32)}`;
    const work = () => {
      store.blocks.add(ref, ref);
      throw new Error('too late');
    };
    expect(() => store.transaction(work)).toThrow('too late');
    expect(store.blocks.of(ref)).toEqual([]);
    store.close();
  });
});
