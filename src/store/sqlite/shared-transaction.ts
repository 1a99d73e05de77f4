import type { Database } from 'better-sqlite3';
import { concernsCallerOnly } from './explain.ts';

/** What somebody has asked to be done, with its answer. May be done more than once. */
export interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Of the last time that it ran. */
  value: unknown;
}

/** One transaction after another, each shared by all jobs that run in it. */
export interface SharedTransaction {
  /**
   * Runs a job in the transaction that is open. One that throws leaves nothing, and is rejected.
   *
   * @throws what concerns all jobs in it, and not this one alone.
   */
  run(job: Job): void;
  /** @returns the jobs that ran in it: they are on disk. */
  commit(): Job[];
  /** The transaction is gone, and with it what ran in it. @returns the jobs, in their order. */
  takeBack(): Job[];
  readonly isEmpty: boolean;
}

export function sharedTransaction(db: Database): SharedTransaction {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const end = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  const ran: Job[] = [];
  /** They had run, and were undone with another. */
  let undone: Job[] = [];

  /**
   * Of a job that throws nothing may stay, so all that ran is undone, and the others run again: that is
   * rare, and a savepoint around each would cost as much as its work.
   */
  function undo(failed: Job, error: unknown): void {
    rollback.run();
    undone = [...ran.splice(0).filter((job) => job !== failed), ...undone];
    failed.reject(error);
    for (let job = undone.shift(); job; job = undone.shift()) run(job);
  }

  function run(job: Job): void {
    ran.push(job);
    if (!db.inTransaction) begin.run();
    try {
      job.value = job.work();
    } catch (error) {
      if (!concernsCallerOnly(error)) throw error;
      undo(job, error);
    }
  }

  return {
    run,
    commit() {
      if (db.inTransaction) end.run();
      return ran.splice(0);
    },
    takeBack() {
      if (db.inTransaction) rollback.run();
      return [...ran.splice(0), ...undone.splice(0)];
    },
    get isEmpty() {
      return ran.length === 0;
    },
  };
}
