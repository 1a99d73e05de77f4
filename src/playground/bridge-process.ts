import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync, rmSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LogTail } from './log-lines.ts';
import { isRunning, markProcess, type ProcessMark } from './process-mark.ts';

/** How the bridge stands. `killed`: by us, with SIGKILL. `died`: it ended and nobody had asked for it. */
export interface BridgeStanding {
  readonly is: 'starting' | 'running' | 'killed' | 'died' | 'stopped';
  readonly pid?: number;
  /** How it ended: `exit code 1`, `signal SIGSEGV`. */
  readonly ended?: string;
  /** The end of its log, oldest first. */
  readonly lastLines: readonly string[];
  /** How often it was killed since this playground began. */
  readonly kills: number;
}

export interface BridgeProcessOptions {
  /** The program of the bridge, and what it is called with. */
  readonly executable: string;
  readonly args: readonly string[];
  /** Where its log and its pid are kept. */
  readonly dir: string;
  /** Whether it works yet. Asked again until it does. */
  readonly isReady: (signal: AbortSignal) => Promise<boolean>;
  readonly onChange: (standing: BridgeStanding) => void;
}

const TAIL_LINES = 12;
const READY_POLL_MS = 60;
const END_MS = 10_000;

/** The bridge as a process of its own, so that its death is a real one. */
export class BridgeProcess {
  readonly #options: BridgeProcessOptions;
  readonly #log: WriteStream;
  readonly #pidFile: string;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #started: Promise<void> = Promise.resolve();
  #isClosed = false;
  #tail = new LogTail(TAIL_LINES);
  #asked: 'killed' | 'stopped' | undefined;
  #standing: BridgeStanding = { is: 'stopped', lastLines: [], kills: 0 };

  constructor(options: BridgeProcessOptions) {
    this.#options = options;
    this.#log = createWriteStream(join(options.dir, 'bridge.log'));
    this.#pidFile = join(options.dir, 'bridge.pid.json');
  }

  get standing(): BridgeStanding {
    return { ...this.#standing, lastLines: this.#tail.lines };
  }

  /** Starts it, unless it runs or `close` was called. Resolves once it works, or has ended. */
  start(): Promise<void> {
    if (this.#child === undefined && !this.#isClosed) this.#started = this.#start();
    return this.#started;
  }

  /** SIGKILL: the process has no say and no last word. Resolves once it is gone. */
  async kill(): Promise<void> {
    if (this.#child === undefined) return;
    this.#asked ??= 'killed';
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end, and kills it if it does not. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#child !== undefined) {
      this.#asked = 'stopped';
      this.#child.kill('SIGTERM');
      const over = new AbortController();
      const late = wait(END_MS, 'late', { signal: over.signal }).catch(() => undefined);
      if ((await Promise.race([this.#ended, late])) === 'late') this.#child?.kill('SIGKILL');
      over.abort();
      await this.#ended;
    }
    await new Promise<void>((resolve) => this.#log.end(resolve));
  }

  async #start(): Promise<void> {
    this.#asked = undefined;
    this.#tail = new LogTail(TAIL_LINES);
    const over = new AbortController();
    const child = this.#spawn(over);
    this.#listen(child);
    if (child.pid !== undefined) {
      writeFileSync(this.#pidFile, JSON.stringify(markProcess(child.pid) ?? { pid: child.pid }));
      this.#turn({ is: 'starting', pid: child.pid });
    }
    await this.#untilReady(over.signal);
  }

  #spawn(over: AbortController): ChildProcess {
    const { executable, args } = this.#options;
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    const child = spawn(process.execPath, [executable, ...args], { stdio: [...stdio] });
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      const end = (how: string) => {
        if (this.#child !== child) return;
        over.abort();
        this.#end(how);
        resolve();
      };
      // 'close' and not 'exit', so that its last words are in the log by then.
      child.once('close', (code, signal) => end(signal ? `signal ${signal}` : `exit code ${code}`));
      child.once('error', (error) => end(error.message));
    });
    return child;
  }

  #listen(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#tail.add(text);
        this.#log.write(text);
      });
    }
  }

  #end(how: string): void {
    this.#child = undefined;
    rmSync(this.#pidFile, { force: true });
    const kills = this.#standing.kills + (this.#asked === 'killed' ? 1 : 0);
    this.#turn({ is: this.#asked ?? 'died', ended: how, kills });
  }

  async #untilReady(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      if (await this.#options.isReady(over).catch(() => false)) break;
      await wait(READY_POLL_MS, undefined, { signal: over }).catch(() => undefined);
    }
    const { pid } = this.#standing;
    if (!over.aborted && pid !== undefined) this.#turn({ is: 'running', pid });
  }

  #turn(next: Omit<BridgeStanding, 'lastLines' | 'kills'> & { readonly kills?: number }): void {
    this.#standing = { kills: this.#standing.kills, ...next, lastLines: [] };
    this.#options.onChange(this.standing);
  }
}

/**
 * Ends the bridge of a playground that was itself killed, which would go on by itself. Known by its
 * pid and the time it began.
 */
export async function endOrphan(dir: string): Promise<number | undefined> {
  const path = join(dir, 'bridge.pid.json');
  const orphan = readMark(path);
  if (orphan?.began === undefined || !isRunning(orphan)) return undefined;
  process.kill(orphan.pid, 'SIGKILL');
  while (isRunning(orphan)) await wait(READY_POLL_MS);
  rmSync(path, { force: true });
  return orphan.pid;
}

function readMark(path: string): ProcessMark | undefined {
  try {
    const mark: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof mark === 'object' && mark !== null && 'pid' in mark
      ? (mark as ProcessMark)
      : undefined;
  } catch {
    return undefined;
  }
}
