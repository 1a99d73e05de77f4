import type { Environment } from '../config/index.ts';

/** What a command may touch outside itself, so that a test can hand it something else. */
export interface Io {
  out(line: string): void;
  err(line: string): void;
  readonly env: Environment;
  readonly cwd: string;
  /** Called once, when somebody asks the program to stop. The returned function stops listening. */
  onStop(listener: () => void): () => void;
  /** Called each time that somebody asks it to read its config again. The returned function stops listening. */
  onReload(listener: () => void): () => void;
}

/** A terminal tells all processes of a group, and npm tells its child again: that is one wish. */
const SAME_WISH_MS = 500;

/** The real thing. Whoever asks a second time to stop does not want to wait: it ends at once. */
export function processIo(): Io {
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    env: process.env,
    cwd: process.cwd(),
    onReload(listener) {
      process.on('SIGHUP', listener);
      return () => void process.off('SIGHUP', listener);
    },
    onStop(listener) {
      let askedAtMs: number | undefined;
      const signalled = () => {
        if (askedAtMs === undefined) {
          askedAtMs = performance.now();
          listener();
        } else if (performance.now() - askedAtMs > SAME_WISH_MS) process.exit(1);
      };
      const signals = ['SIGTERM', 'SIGINT'] as const;
      for (const signal of signals) process.on(signal, signalled);
      return () => {
        for (const signal of signals) process.off(signal, signalled);
      };
    },
  };
}
