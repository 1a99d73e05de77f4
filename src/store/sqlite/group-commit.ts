import type { Database } from 'better-sqlite3';
import { StorageError } from '../storage-error.ts';
import { concernsCallerOnly, explain } from './explain.ts';

/** The one way to write. */
export interface Writer {
  /**
   * Runs `work` in a transaction, and resolves once that is on disk.
   *
   * What is asked for until the event loop has come round shares one transaction and one flush. A
   * `work` that throws leaves nothing and harms no other; if the disk does not take it, all of them
   * reject and nothing is written.
   */
  run<T>(work: () => T): Promise<T>;
  /** Writes down what waits. Afterwards `run` rejects. */
  close(): void;
}

interface Job {
  /** Runs it, and says how to answer once all is on disk. */
  readonly attempt: () => () => void;
  readonly reject: (error: unknown) => void;
}

export function groupCommit(db: Database, path: string): Writer {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const end = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const guarded = savepoint(db);
  let waiting: Job[] = [];
  let isClosed = false;

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    try {
      begin.run();
      const answers = jobs.map((job) => job.attempt());
      end.run();
      for (const answer of answers) answer();
    } catch (error) {
      if (db.inTransaction) rollback.run();
      for (const job of jobs) job.reject(explain(error, path));
    }
  }

  return {
    run: <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        if (isClosed) return reject(new StorageError(`The database ${path} is closed.`));
        const attempt = () => {
          const result = guarded(work);
          return () =>
            'value' in result ? resolve(result.value) : reject(explain(result.error, path));
        };
        if (waiting.push({ attempt, reject }) === 1) setImmediate(flush);
      }),
    close() {
      isClosed = true;
      flush();
    },
  };
}

type Result<T> = { readonly value: T } | { readonly error: unknown };

function savepoint(db: Database): <T>(work: () => T) => Result<T> {
  const save = db.prepare('SAVEPOINT caller');
  const release = db.prepare('RELEASE caller');
  const back = db.prepare('ROLLBACK TO caller');
  return (work) => {
    save.run();
    try {
      const value = work();
      release.run();
      return { value };
    } catch (error) {
      if (!concernsCallerOnly(error)) throw error;
      back.run();
      release.run();
      return { error };
    }
  };
}
