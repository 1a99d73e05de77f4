import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessUse, processUse } from './measure/process-use.ts';
import type { Subject } from './subjects.ts';
import { READY, toEnvironment, type Wiring } from './wiring.ts';

const START_MS = 120_000;
const STOP_MS = 5_000;

/** A subject as a process, with what it prints in a file. */
export class SubjectProcess {
  readonly #subject: Subject;
  readonly #wiring: Wiring;
  readonly #node: readonly string[];
  #child: ChildProcess | undefined;

  /** @param node What node itself is started with, such as `--cpu-prof`. */
  constructor(subject: Subject, wiring: Wiring, node: readonly string[] = []) {
    this.#subject = subject;
    this.#wiring = wiring;
    this.#node = node;
  }

  /** @returns when it was spawned. Resolves once it says that it is ready. */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const from = this.#logSize();
    const log = openSync(this.#logFile, 'a');
    const { program, args } = this.#subject;
    const child = spawn(process.execPath, [...this.#node, program, ...args], {
      env: { ...process.env, NODE_ENV: 'production', ...toEnvironment(this.#wiring) },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    while (!this.log().slice(from).includes(READY)) {
      if (child.exitCode !== null || performance.now() - startedAt > START_MS)
        throw new Error(`${this.#subject.name} did not start:\n${this.log().slice(-2000)}`);
      await delay(2);
    }
    return startedAt;
  }

  use(): ProcessUse {
    return processUse(this.#child?.pid ?? 0);
  }

  log(): string {
    return readFileSync(this.#logFile, 'latin1');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** In peace, and by force where that is not understood. */
  async stop(): Promise<void> {
    const child = this.#child;
    const giveUp = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
    await this.#end('SIGTERM');
    clearTimeout(giveUp);
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  get #logFile(): string {
    return join(this.#wiring.dataDir, 'subject.log');
  }

  #logSize(): number {
    return statSync(this.#logFile, { throwIfNoEntry: false })?.size ?? 0;
  }
}
