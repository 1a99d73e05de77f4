import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import { concernsCallerOnly, explain } from './explain.ts';
import type { Patience } from './patience.ts';

/** The one way to write. */
export interface Writer {
  /**
   * Runs `work` in a transaction, and resolves once that is on disk.
   *
   * What is asked for until the event loop has come round shares one transaction and one flush. A
   * `work` that throws leaves nothing and harms no other. While the disk takes nothing, all wait, those
   * who asked first before those who come later, so `work` may run again; once that lasts too long, or
   * cannot pass, all of them reject and nothing is written.
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

export function groupCommit(db: Database, path: string, patience: Patience): Writer {
  const transact = transaction(db);
  const guarded = savepoint(db);
  let waiting: Job[] = [];
  let isClosed = false;

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    try {
      const answers = transact(jobs);
      patience.over();
      for (const answer of answers) answer();
    } catch (error) {
      notWritten(jobs, explain(error, path));
    }
  }

  function notWritten(jobs: Job[], reason: unknown): void {
    if (patience.bears(reason, flush)) waiting = jobs;
    else for (const job of jobs) job.reject(reason);
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
      patience.end();
      flush();
    },
  };
}

/** Runs all of them and flushes, or leaves nothing of any. */
function transaction(db: Database): (jobs: readonly Job[]) => (() => void)[] {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const end = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  return (jobs) => {
    try {
      begin.run();
      const answers = jobs.map((job) => job.attempt());
      end.run();
      return answers;
    } catch (error) {
      if (db.inTransaction) rollback.run();
      throw error;
    }
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
