import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLog } from '../../../../src/store/sqlite/log-file.ts';
import { tempFolders } from '../temp-folder.ts';

describe('openLog', () => {
  const folder = tempFolders();

  it('says what to look for where there is none', () => {
    expect(() => openLog(join(folder(), 'a.db'))).toThrow(
      expect.objectContaining({
        name: 'StorageError',
        message: expect.stringContaining('see that this user has the rights'),
      }),
    );
  });

  it('says that what was written is not on disk, whichever way it was flushed', async () => {
    const path = join(folder(), 'a.db');
    writeFileSync(`${path}-wal`, '');
    const log = openLog(path);
    await log.flush();
    log.flushNow();
    log.close();
    const failed = { kind: 'damaged', message: expect.stringContaining('did not get to the disk') };
    await expect(log.flush()).rejects.toMatchObject(failed);
    expect(() => log.flushNow()).toThrow(expect.objectContaining(failed));
  });
});
