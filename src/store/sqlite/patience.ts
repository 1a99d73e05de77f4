import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { StorageError } from '../../ports/storage-error.ts';

/** A command of the operator holds the lock for moments: worth asking again at once, and not a line. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 500;
const REMARKABLE_MS = 2_000;
const SAID_AGAIN_MS = 60_000;

/** What a writer does while the disk takes nothing. */
export interface Patience {
  /** Whether to try again: `again` is called after a pause. If not, waiting does not help, or took too long. */
  bears(error: unknown, again: () => void): boolean;
  /** Whether the disk has taken nothing for longer than moments. */
  isTried(): boolean;
  /** The disk has taken something. */
  over(): void;
  /** From now on nothing is borne, and who waits tries once more at once. */
  end(): void;
}

interface Trouble {
  readonly sinceMs: number;
  tries: number;
  sayAtMs: number;
  isSaid: boolean;
}

/** @param options `patienceMs`: how long. An operator reads in the log that it lasts, and that it is over. */
export function patience(options: {
  readonly patienceMs: number;
  readonly clock: Clock;
  readonly log: Log;
}): Patience {
  const { patienceMs, clock, log } = options;
  let trouble: Trouble | undefined;
  let tryNow = () => {};
  let isAtEnd = false;

  function say(begun: Trouble, error: StorageError): void {
    if (clock.now() < begun.sayAtMs) return;
    begun.sayAtMs = clock.now() + SAID_AGAIN_MS;
    begun.isSaid = true;
    log('error', 'The database cannot be written; everything waits for it', {
      error: error.message,
      lastsMs: Math.round(clock.now() - begun.sinceMs),
    });
  }

  function tryLater(begun: Trouble, again: () => void): void {
    const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** begun.tries++);
    const cancel = clock.after(pauseMs, again);
    tryNow = () => {
      cancel();
      again();
    };
  }

  return {
    bears(error, again) {
      tryNow = () => {};
      if (isAtEnd || !(error instanceof StorageError) || error.kind !== 'away') return false;
      const nowMs = clock.now();
      trouble ??= { sinceMs: nowMs, tries: 0, sayAtMs: nowMs + REMARKABLE_MS, isSaid: false };
      const lastsTooLong = nowMs - trouble.sinceMs > patienceMs;
      if (!lastsTooLong) {
        say(trouble, error);
        tryLater(trouble, again);
      } else trouble = undefined;
      return !lastsTooLong;
    },
    isTried: () => trouble?.isSaid ?? false,
    over() {
      tryNow = () => {};
      if (trouble?.isSaid) log('info', 'The database is written again');
      trouble = undefined;
    },
    end() {
      isAtEnd = true;
      tryNow();
    },
  };
}
