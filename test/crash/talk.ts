import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import { chooseSaying } from './choose.ts';
import type { Saying, Side, Thing } from './side.ts';

/** When something was handed to its own side, and when that confirmed it. */
export interface Spoken {
  readonly sentAtMs: number;
  readonly confirmedAtMs?: number;
}

export interface TalkOptions {
  readonly side: Side;
  readonly chats: readonly string[];
  readonly chance: Chance;
  readonly lineBytes?: number;
  readonly unsupported?: boolean;
  /** Whether more is to be said now. */
  readonly mayTalk: () => boolean;
}

const pauseMs = 15;
const afterFailureMs = 100;
const recentThings = 25;

/**
 * Everybody on one side, each saying one thing after the other in each chat.
 *
 * Each thing is said once: where its side did not answer, its log will tell whether it was said.
 */
export class Talk {
  readonly spoken = new Map<string, Spoken>();
  readonly #options: TalkOptions;
  readonly #talkers: Promise<void>[];
  /** What somebody took back, or tried to: nothing is taken back twice, nor changed afterwards. */
  readonly #removed = new Set<Thing>();
  #isOver = false;

  constructor(options: TalkOptions) {
    this.#options = options;
    this.#talkers = options.side.people.flatMap((person) =>
      options.chats.map((chat) => this.#talk(person, chat)),
    );
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#talkers);
  }

  async #talk(person: string, chat: string): Promise<void> {
    for (let count = 1; !this.#isOver; ) {
      if (this.#options.mayTalk()) {
        const isConfirmed = await this.#say(person, this.#next(person, chat, count));
        count += 1;
        if (!isConfirmed) await wait(afterFailureMs);
      } else await wait(pauseMs);
    }
  }

  async #say(person: string, saying: Saying): Promise<boolean> {
    const sentAtMs = performance.now();
    this.spoken.set(saying.text, { sentAtMs });
    try {
      await this.#options.side.say(person, saying);
      this.spoken.set(saying.text, { sentAtMs, confirmedAtMs: performance.now() });
      return true;
    } catch {
      return false;
    }
  }

  #next(person: string, chat: string, count: number): Saying {
    const { chance, lineBytes, unsupported } = this.#options;
    const label = `${person} ${chat} ${count}`;
    const saying = chooseSaying({
      ...{ person, chat, label, chance, lineBytes, unsupported },
      things: this.#recent(chat),
    });
    if (saying.what === 'removal' && saying.target) this.#removed.add(saying.target);
    return saying;
  }

  #recent(chat: string): readonly Thing[] {
    const { things } = this.#options.side.record();
    const recent = (things.get(chat) ?? []).slice(-recentThings);
    return recent.filter((thing) => !this.#removed.has(thing));
  }
}
