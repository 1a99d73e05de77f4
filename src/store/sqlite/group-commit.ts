import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { Explain } from './explain.ts';
import type { Patience } from './patience.ts';
import { type Job, sharedTransaction } from './shared-transaction.ts';

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
  /** Whether, since the last call, anything was shown, undone, and written again later. */
  wroteAgain(): boolean;
  /** Writes down what waits. */
  flush(): void;
  /** The same. Afterwards nothing is taken any more. */
  close(): void;
}

/** A flush costs as much for one as for a hundred. */
const SOON_MS = 10;

export function groupCommit(
  db: Database,
  { path, explain, patience }: { path: string; explain: Explain; patience: Patience },
): Writer {
  const transaction = sharedTransaction(db);
  /** In the order of asking. */
  let waiting: Job[] = [];
  let timer: NodeJS.Timeout | undefined;
  /** The disk takes nothing: whoever comes waits behind those who were first. */
  let isAway = false;
  let hasWrittenAgain = false;
  let isClosed = false;

  /** The transaction is gone, and with it what ran in it, also what somebody has read of it. */
  function lost(error: unknown): void {
    const jobs = [...transaction.takeBack(), ...waiting.splice(0)];
    const reason = explain(error);
    isAway = patience.bears(reason, flush);
    if (isAway) waiting = jobs;
    else for (const job of jobs) job.reject(reason);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0 && transaction.isEmpty) return;
    try {
      for (let job = waiting.shift(); job; job = waiting.shift()) transaction.run(job);
      const written = transaction.commit();
      hasWrittenAgain ||= isAway;
      isAway = false;
      patience.over();
      for (const { resolve, value } of written) resolve(value);
    } catch (error) {
      lost(error);
    }
  }

  function ask<T>(work: () => T, take: (job: Job) => void): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      if (isClosed) return reject(new StorageError(`The database ${path} is closed.`));
      const refuse = (error: unknown) => reject(explain(error));
      take({ work, resolve, reject: refuse, value: undefined });
    }) as Promise<T>;
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
          transaction.run(job);
          job.resolve(job.value);
          timer ??= setTimeout(flush, SOON_MS);
        } catch (error) {
          lost(error);
        }
      }),
    wroteAgain() {
      const has = hasWrittenAgain;
      hasWrittenAgain = false;
      return has;
    },
    flush,
    close() {
      isClosed = true;
      patience.end();
      flush();
    },
  };
}
