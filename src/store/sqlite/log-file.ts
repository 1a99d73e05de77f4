import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { StorageError } from '../../ports/storage-error.ts';

const bringDown = promisify(fdatasync);

/** The file into which SQLite writes each commit, seen from below: how it gets to the disk. */
export interface LogFile {
  /**
   * Resolves once all that was committed before is on disk, and holds up nobody meanwhile.
   *
   * @throws {StorageError} `damaged`: what was committed may be lost with the next loss of power, and
   *   as the kernel has forgotten that it could not be written, asking again would not tell.
   */
  flush(): Promise<void>;
  /** The same, when it returns. Sooner, as no other thread has to be woken; everybody is held up. */
  flushNow(): void;
  close(): void;
}

const nowhere: LogFile = { async flush() {}, flushNow() {}, close() {} };

/**
 * Called once the log is there. Its name in the folder is on disk when this returns.
 *
 * @throws {StorageError} when it cannot be opened.
 */
export function openLog(path: string): LogFile {
  if (path === ':memory:') return nowhere;
  const file = openedIn(path);
  const failed = (cause: unknown): never => {
    throw new StorageError(
      `The database ${path}: what was written did not get to the disk (${(cause as Error).message}): look ` +
        'into the system log, see that the disk is sound, and start again.',
      { cause, kind: 'damaged' },
    );
  };
  return {
    flush: () => bringDown(file).catch(failed),
    flushNow() {
      try {
        fdatasyncSync(file);
      } catch (cause) {
        failed(cause);
      }
    },
    close: () => closeSync(file),
  };
}

function openedIn(path: string): number {
  try {
    const folder = openSync(dirname(path), 'r');
    fsyncSync(folder);
    closeSync(folder);
    return openSync(`${path}-wal`, 'r');
  } catch (cause) {
    throw new StorageError(
      `The log of the database ${path} cannot be opened (${(cause as Error).message}): see that this ` +
        'user has the rights to the folder and to all files of the database in it.',
      { cause },
    );
  }
}
