import type { Database } from 'better-sqlite3';
import { StorageError } from '../../ports/storage-error.ts';
import type { Explain } from './explain.ts';
import type { LogFile } from './log-file.ts';
import type { Patience } from './patience.ts';
import { type Job, type SharedTransaction, sharedTransaction } from './shared-transaction.ts';

/** The one way to write. */
export interface Writer {
  /**
   * Runs `work` in a transaction, and resolves once that is on disk.
   *
   * What is asked for until the event loop has come round, or while a flush is under way, shares one
   * transaction and one flush. A `work` that throws leaves nothing and harms no other. While the disk
   * takes nothing, all wait, those who asked first before those who come later, so `work` may run again;
   * once that lasts too long, or cannot pass, all of them reject and nothing is written.
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
  /** Commits all that was asked for, on disk or not yet: no transaction is open when it returns. */
  settle(): void;
  /** Resolves once all is on disk. Nothing is taken any more. */
  close(): Promise<void>;
}

/** A flush costs as much for one as for a hundred. */
export const SOON_MS = 10;

/**
 * A flush by another thread is told of later, by about as much as it takes. That pays where others come
 * meanwhile, and so where one has just ended, or many wait; a message that comes alone is there sooner without.
 */
const ALONE_MS = 1;
const FEW = 4;

export interface WriterOptions {
  readonly path: string;
  readonly explain: Explain;
  readonly patience: Patience;
  readonly log: Pick<LogFile, 'flush' | 'flushNow'>;
  /** How long none may have been under way for a flush to hold up everybody. Absent: `ALONE_MS`. */
  readonly aloneMs?: number;
  /** Called at each commit; what it returns once that commit is on disk. */
  readonly committed?: () => () => void;
}

export const groupCommit = (db: Database, options: WriterOptions): Writer =>
  new GroupCommit(db, options);

class GroupCommit implements Writer {
  readonly #options: WriterOptions;
  readonly #transaction: SharedTransaction;
  /** In the order of asking. */
  #waiting: Job[] = [];
  /** Committed, and not on their way to the disk yet. */
  #written: Job[] = [];
  /** Called once they are there. */
  #whenOnDisk = () => {};
  #timer: NodeJS.Timeout | undefined;
  /** The way to the disk of what was committed last. */
  #flushing: Promise<void> | undefined;
  #flushedAtMs = Number.NEGATIVE_INFINITY;
  /** The disk takes nothing: whoever comes waits behind those who were first. */
  #isAway = false;
  #hasWrittenAgain = false;
  /** Why nothing is taken any more. */
  #end: unknown;

  constructor(db: Database, options: WriterOptions) {
    this.#options = options;
    this.#transaction = sharedTransaction(db);
  }

  run<T>(work: () => T): Promise<T> {
    return this.#ask(work, (job) => {
      if (this.#waiting.push(job) === 1 && this.#flushing === undefined) this.#flushNext();
    });
  }

  soon<T>(work: () => T): Promise<T> {
    return this.#ask(work, (job) => {
      if (this.#isAway) return void this.#waiting.push(job);
      try {
        this.#transaction.run(job);
        job.resolve(job.value);
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#flush();
        }, SOON_MS);
      } catch (error) {
        this.#lost(error);
      }
    });
  }

  wroteAgain(): boolean {
    const has = this.#hasWrittenAgain;
    this.#hasWrittenAgain = false;
    return has;
  }

  settle(): void {
    this.#commit();
    this.#flush();
  }

  async close(): Promise<void> {
    const { path, patience } = this.#options;
    this.#end ??= new StorageError(`The database ${path} is closed.`);
    patience.end();
    this.#commit();
    await this.#flushing;
    this.#flush();
    await this.#flushing;
  }

  #ask<T>(work: () => T, take: (job: Job) => void): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      if (this.#end !== undefined) return reject(this.#end);
      const refuse = (error: unknown) => reject(this.#options.explain(error));
      take({ work, resolve, reject: refuse, value: undefined });
    }) as Promise<T>;
  }

  /** After what the loop has in hand, so that what it asks for is in it. */
  #flushNext(): void {
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    // Whoever comes meanwhile goes with the next.
    if (this.#flushing !== undefined) return;
    this.#commit();
    if (this.#written.length === 0) return;
    const jobs = this.#written.splice(0);
    const { aloneMs = ALONE_MS } = this.#options;
    const isAlone = jobs.length <= FEW && performance.now() - this.#flushedAtMs > aloneMs;
    if (isAlone) this.#bringDownNow(jobs);
    else this.#flushing = this.#bringDown(jobs, this.#whenOnDisk);
  }

  #commit(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { patience, committed } = this.#options;
    if (this.#waiting.length === 0 && this.#transaction.isEmpty) return;
    try {
      for (let job = this.#waiting.shift(); job; job = this.#waiting.shift())
        this.#transaction.run(job);
      this.#written = this.#written.concat(this.#transaction.commit());
      this.#whenOnDisk = committed?.() ?? this.#whenOnDisk;
      this.#hasWrittenAgain ||= this.#isAway;
      this.#isAway = false;
      patience.over();
    } catch (error) {
      this.#lost(error);
    }
  }

  /** The transaction is gone, and with it what ran in it, also what somebody has read of it. */
  #lost(error: unknown): void {
    const { explain, patience } = this.#options;
    const jobs = [...this.#transaction.takeBack(), ...this.#waiting.splice(0)];
    const reason = explain(error);
    this.#isAway = patience.bears(reason, () => this.#flush());
    if (this.#isAway) this.#waiting = jobs;
    else for (const job of jobs) job.reject(reason);
  }

  #bringDownNow(jobs: readonly Job[]): void {
    try {
      this.#options.log.flushNow();
      this.#landed(jobs, this.#whenOnDisk);
    } catch (error) {
      this.#endWith(error, jobs);
    }
  }

  async #bringDown(jobs: readonly Job[], whenOnDisk: () => void): Promise<void> {
    try {
      await this.#options.log.flush();
      this.#landed(jobs, whenOnDisk);
    } catch (error) {
      this.#endWith(error, jobs);
    }
    this.#flushing = undefined;
    const isOverdue = !this.#transaction.isEmpty && this.#timer === undefined;
    if (this.#waiting.length > 0 || this.#written.length > 0 || isOverdue) this.#flushNext();
  }

  #landed(jobs: readonly Job[], whenOnDisk: () => void): void {
    this.#flushedAtMs = performance.now();
    whenOnDisk();
    for (const { resolve, value } of jobs) resolve(value);
  }

  /** Nobody knows what is on disk, and whoever goes on could only make it worse. */
  #endWith(error: unknown, jobs: readonly Job[]): void {
    this.#end = this.#options.explain(error);
    const all = [...jobs, ...this.#written.splice(0), ...this.#waiting.splice(0)];
    for (const { reject } of all) reject(this.#end);
  }
}
