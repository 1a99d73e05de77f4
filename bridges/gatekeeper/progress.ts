import { addAbortListener } from 'node:events';

/** Whoever cannot go on before something of a conversation was heard waits here, for a while. */
export class Progress {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** Something of this was heard and is on disk. */
  made(key: string): void {
    for (const wake of this.#waiting.get(key) ?? []) wake();
  }

  /** Looks again whenever there is something new. @returns whether it came to be so. */
  async until(
    key: string,
    isSo: () => Promise<boolean>,
    { signal, forMs }: { readonly signal: AbortSignal; readonly forMs: number },
  ): Promise<boolean> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(forMs)]);
    for (;;) {
      const next = this.#next(key, patience);
      if (await isSo()) return true;
      await next;
      signal.throwIfAborted();
      if (patience.aborted) return isSo();
    }
  }

  #next(key: string, signal: AbortSignal): Promise<void> {
    const waiting = this.#waiting.get(key) ?? new Set();
    this.#waiting.set(key, waiting);
    return new Promise((resolve) => {
      const done = () => {
        waiting.delete(done);
        if (waiting.size === 0) this.#waiting.delete(key);
        resolve();
      };
      waiting.add(done);
      if (signal.aborted) done();
      else addAbortListener(signal, done);
    });
  }
}
