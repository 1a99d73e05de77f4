import { setTimeout as wait } from 'node:timers/promises';

/** Waits for something to be so. Rejects when it takes too long. */
export type Until = (what: string, isSo: () => boolean | Promise<boolean>) => Promise<void>;

const pollMs = 10;

/** @param meanwhile what has to be seen to while it is waited for. */
export const patient =
  (patienceMs: number, meanwhile: () => void = () => {}): Until =>
  async (what, isSo) => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      meanwhile();
      if (await isSo()) return;
      if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
      await wait(pollMs);
    }
  };
