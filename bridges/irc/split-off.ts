import type { Clock } from './wire/clock.ts';
import type { Line } from './wire/line.ts';

/** What servers say in the name of everybody behind a link that broke: the two that lost each other. */
const SPLIT = /^(?:[\w-]+|\*)(?:\.(?:[\w-]+|\*))+ (?:[\w-]+|\*)(?:\.(?:[\w-]+|\*))+$/;

/** Whether a QUIT is a netsplit's. Nobody can say it themselves: a server puts a word before theirs. */
export const isSplit = ({ params }: Line): boolean => SPLIT.test(params[0] ?? '');

interface Absent {
  /** As they write it. */
  readonly nick: string;
  readonly cancel: () => void;
}

/**
 * Who is away because two servers lost each other. Most are back within minutes, and then nothing was
 * worth telling.
 */
export class SplitOff {
  /** By channel, then by nick, both folded. */
  private readonly away = new Map<string, Map<string, Absent>>();
  private readonly clock: Clock;
  private readonly patienceMs: number;
  private readonly fold: (name: string) => string;

  constructor(clock: Clock, patienceMs: number, fold: (name: string) => string) {
    this.clock = clock;
    this.patienceMs = patienceMs;
    this.fold = fold;
  }

  /** @param gone told when they have not come back to that channel in time. */
  left(channel: string, nick: string, gone: () => void): void {
    this.back(channel, nick);
    const cancel = this.clock.after(this.patienceMs, () => {
      this.back(channel, nick);
      gone();
    });
    const there = this.away.get(this.fold(channel)) ?? new Map<string, Absent>();
    this.away.set(this.fold(channel), there.set(this.fold(nick), { nick, cancel }));
  }

  /** False: they were not away. */
  back(channel: string, nick: string): boolean {
    const there = this.away.get(this.fold(channel));
    const absent = there?.get(this.fold(nick));
    if (!there || !absent) return false;
    absent.cancel();
    there.delete(this.fold(nick));
    if (there.size === 0) this.away.delete(this.fold(channel));
    return true;
  }

  /** Who belongs to a channel all the same. */
  of(channel: string): readonly string[] {
    return [...(this.away.get(this.fold(channel))?.values() ?? [])].map(({ nick }) => nick);
  }

  /** Nobody is waited for any more: who is there is asked anew. */
  forget(): void {
    for (const there of this.away.values()) for (const { cancel } of there.values()) cancel();
    this.away.clear();
  }
}
