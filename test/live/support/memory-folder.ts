import { statfsSync } from 'node:fs';

const FOLDER = '/dev/shm';
const ROOM_BYTES = 2 ** 30;

/**
 * A folder in memory, if there is one with room: a server that is to be fast, not to outlive its
 * machine, need not wait for a disk. A process that is killed loses nothing in it either.
 */
export function memoryFolder(): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(FOLDER);
    return bavail * bsize > ROOM_BYTES ? FOLDER : undefined;
  } catch {
    return undefined;
  }
}
