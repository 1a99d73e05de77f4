import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import { concernsCallerOnly, type Explain } from './explain.ts';
import type { Patience } from './patience.ts';

/** The one way to write. */
export interface Writer {
  /**
   * Runs `work` in a transaction, and resolves once that is on disk. Nobody reads what it wrote before.
   *
   * What is asked for until the event loop has come round shares one transaction and one flush. A
   * `work` that throws leaves nothing and harms no other. While the disk takes nothing, all wait, those
   * who asked first before those who come later, so `work` may run again; once that lasts too long, or
   * cannot pass, all of them reject and nothing is written.
   */
  run<T>(work: () => T): Promise<T>;
  /**
   * Runs `work` at once, and resolves: whatever is read from now on has what it wrote. It is on disk
   * with the next flush that somebody waits for, or `SOON_MS` later. While the disk takes nothing it
   * waits behind the others.
   */
  soon<T>(work: () => T): Promise<T>;
  /** Writes down what waits. */
  flush(): void;
  /** The same. Afterwards nothing is taken any more. */
  close(): void;
}

/** A flush costs as much for one as for a hundred. */
const SOON_MS = 10;

interface Job {
  /** Runs it, and says how to answer. */
  readonly attempt: () => () => void;
  readonly reject: (error: unknown) => void;
}

export function groupCommit(
  db: Database,
  { path, explain, patience }: { path: string; explain: Explain; patience: Patience },
): Writer {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const end = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const guarded = savepoint(db);
  /** In the order of asking. Those that have run did so in the transaction that is open. */
  let ran: Job[] = [];
  let waiting: Job[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** The disk takes nothing: whoever comes waits behind those who were first. */
  let isAway = false;
  let isClosed = false;

  function runIn(job: Job): () => void {
    ran.push(job);
    if (!db.inTransaction) begin.run();
    return job.attempt();
  }

  /** The transaction is gone, and with it what ran in it, also what somebody has read of it. */
  function lost(error: unknown): void {
    if (db.inTransaction) rollback.run();
    const jobs = [...ran.splice(0), ...waiting.splice(0)];
    const reason = explain(error);
    isAway = patience.bears(reason, flush);
    if (isAway) waiting = jobs;
    else for (const job of jobs) job.reject(reason);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0 && ran.length === 0) return;
    try {
      const answers: (() => void)[] = [];
      for (let job = waiting.shift(); job; job = waiting.shift()) answers.push(runIn(job));
      end.run();
      ran = [];
      isAway = false;
      patience.over();
      for (const answer of answers) answer();
    } catch (error) {
      lost(error);
    }
  }

  function ask<T>(work: () => T, take: (job: Job) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (isClosed) return reject(new StorageError(`The database ${path} is closed.`));
      const attempt = () => {
        const result = guarded(work);
        return () => ('value' in result ? resolve(result.value) : reject(explain(result.error)));
      };
      take({ attempt, reject });
    });
  }

  return {
    run: (work) =>
      ask(work, (job) => {
        if (waiting.push(job) === 1) setImmediate(flush);
      }),
    soon: (work) =>
      ask(work, (job) => {
        if (isAway) return void waiting.push(job);
        try {
          runIn(job)();
          timer ??= setTimeout(flush, SOON_MS);
        } catch (error) {
          lost(error);
        }
      }),
    flush,
    close() {
      isClosed = true;
      patience.end();
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
