import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectDir } from '../servers/project-dir.ts';

/** What BobChat prints: one of these a line. */
// biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
export type Line = any;

const living = new Set<ChildProcess>();
// A test that is cut off must not leave one behind.
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** BobChat as real processes, which share one state. */
export class BobChat {
  readonly #python: string;
  readonly dir: string;

  constructor(python: string, dir: string) {
    this.#python = python;
    this.dir = dir;
  }

  /** A command, while it runs. Its stdin is `input`. */
  start(args: readonly string[], input = ''): BobChatProcess {
    const state = ['-m', 'bobchat', '--state', join(this.dir, 'bobchat.db')];
    return this.python([...state, ...args], input);
  }

  /** A command, to its end. Rejects with what it said on stderr, if it failed. */
  async run(...args: readonly string[]): Promise<readonly Line[]> {
    return this.start(args).done();
  }

  /** Its Python, with whatever else. */
  python(args: readonly string[], input = ''): BobChatProcess {
    const env = { ...process.env, PYTHONPATH: projectDir, PYTHONDONTWRITEBYTECODE: '1' };
    const child = spawn(this.#python, args, { cwd: this.dir, env });
    living.add(child);
    child.once('exit', () => living.delete(child));
    child.stdin.on('error', () => undefined).end(input);
    return new BobChatProcess(child);
  }
}

export class BobChatProcess {
  readonly lines: Line[] = [];
  /** What it said on stderr so far. */
  complaints = '';
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, 'close').then(() => {
      this.#isClosed = true;
      this.#wake();
    });
    if (child.stdout === null) throw new Error('BobChat has no stdout');
    createInterface({ input: child.stdout }).on('line', (text) => {
      this.lines.push(JSON.parse(text));
      this.#wake();
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints += text;
    });
  }

  /** Resolves with the first line that is so, printed already or not. */
  async until(is: (line: Line) => boolean): Promise<Line> {
    for (;;) {
      const found = this.lines.find(is);
      if (found !== undefined) return found;
      if (this.#isClosed) throw new Error(`BobChat ended: ${this.complaints}`);
      await new Promise<void>((done) => this.#waiting.add(done));
    }
  }

  async done(): Promise<readonly Line[]> {
    await this.#closed;
    if (this.#child.exitCode !== 0) throw new Error(this.complaints);
    return this.lines;
  }

  /** `kill -9`. What it had printed is in `lines` when this resolves. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  #wake(): void {
    for (const done of this.#waiting) done();
    this.#waiting.clear();
  }
}
