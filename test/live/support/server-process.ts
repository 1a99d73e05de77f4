import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface ServerProgram {
  readonly program: string;
  readonly args: readonly string[];
  /** Gets all that it prints, over several starts. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Another user than this process. */
  readonly uid?: number;
  readonly gid?: number;
  /** Resolves to true once it serves. Called again until then. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs?: number;
  /** It is a Node program of ours that can be spoken with: `send` and `message`. */
  readonly speaks?: boolean;
}

const probeEveryMs = 25;
const stopWithinMs = 15_000;
const shownBytes = 3000;
const living = new Set<ChildProcess>();

// A test that is cut off must not leave a server behind.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** A server as a child of this process, that can be stopped, killed, held up and started again. */
export class ServerProcess {
  readonly #program: ServerProgram;
  #child: ChildProcess | undefined;

  constructor(program: ServerProgram) {
    this.#program = program;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !hasEnded(this.#child);
  }

  /** What ended it from outside, or from within as a crash. `null`: it has not ended, or ended by itself. */
  get endedBy(): NodeJS.Signals | null {
    return this.#child?.signalCode ?? null;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** What it ended with. Absent: it runs, or was killed. */
  get exitCode(): number | undefined {
    return this.#child?.exitCode ?? undefined;
  }

  get log(): string {
    return readFileSync(this.#program.logFile, 'utf8');
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  spawn(): void {
    if (this.isRunning) throw new Error(`${this.#program.program} runs already`);
    const log = openSync(this.#program.logFile, 'a');
    const child = spawn(this.#program.program, this.#program.args, {
      cwd: this.#program.cwd,
      env: { ...process.env, ...this.#program.env },
      uid: this.#program.uid,
      gid: this.#program.gid,
      stdio: ['ignore', log, log, ...(this.#program.speaks ? (['ipc'] as const) : [])],
    });
    closeSync(log);
    living.add(child);
    child.once('exit', () => living.delete(child));
    child.once('error', () => living.delete(child));
    this.#child = child;
  }

  async ready(): Promise<void> {
    const deadline = Date.now() + (this.#program.readyWithinMs ?? 60_000);
    while (!(await this.#program.isReady().catch(() => false))) {
      if (!this.isRunning) throw new Error(`${this.#program.program} ended: ${this.#tail()}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error(`${this.#program.program} does not serve: ${this.#tail()}`);
      }
      await wait(probeEveryMs);
    }
  }

  /** What it says next. Rejects when it ends without a word. */
  async message(): Promise<unknown> {
    const child = this.#child;
    if (!child?.connected) throw new Error(`${this.#program.program} has ended`);
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${this.#program.program} ended without a word`));
      child.once('disconnect', ended);
      child.once('message', (message) => {
        child.off('disconnect', ended);
        resolve(message);
      });
    });
  }

  /** Where it has ended already, nobody hears it. */
  send(message: object | null): void {
    this.#child?.send(message as object, () => undefined);
  }

  /** Asks it to end, and waits for that. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const inTime = await Promise.race([ended, wait(stopWithinMs, 'late' as const)]);
    if (inTime !== 'late') return;
    await this.kill();
    throw new Error(`${this.#program.program} did not stop when asked to: ${this.#tail()}`);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Holds it up as it is: it answers nobody, and its connections stay open. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  #tail(): string {
    return this.log.trim().slice(-shownBytes);
  }
}

const hasEnded = (child: ChildProcess) =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
