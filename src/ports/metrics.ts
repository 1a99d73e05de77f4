import type { Direction, Outcome } from './journal.ts';

/** What the engine counts, for whoever watches the bridge. Called as things happen; never throws, never waits. */
export interface Metrics {
  /**
   * Something that was said, done or taken back has ended in one portal: each delivery once, and once more
   * each time that an operator had it tried again. `delayMs`: since it came, or was tried again.
   */
  ended(of: {
    readonly network: string;
    readonly direction: Direction;
    readonly outcome: Outcome;
    readonly delayMs: number;
  }): void;
  /** What an adapter reports: its network, or one of its voices, can be used again, or cannot now. */
  standing(of: {
    readonly network: string;
    readonly whose: 'network' | 'voice';
    readonly is: 'ready' | 'failed';
  }): void;
}

/** For a bridge that nobody watches. */
export const noMetrics: Metrics = { ended() {}, standing() {} };
