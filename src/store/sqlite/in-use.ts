import Sqlite from 'better-sqlite3';

/**
 * Whether another process has the database open, such as a bridge that runs with it. Whoever writes ahead holds
 * the file as long as it is open, and only who has it alone can leave that mode: the next to open it enters it again.
 */
export function isInUse(path: string): boolean {
  const db = new Sqlite(path, { timeout: 0, fileMustExist: true });
  try {
    db.pragma('journal_mode = DELETE');
    return false;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    db.close();
  }
}
