import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Said } from './judge.ts';
import type { Message, Saying, Side } from './side.ts';

/** When something was handed to its own side, and when that confirmed it. */
export interface Spoken {
  readonly sentAtMs: number;
  readonly confirmedAtMs?: number;
}

export interface TalkOptions {
  readonly side: Side;
  readonly chats: readonly string[];
  readonly chance: Chance;
  /** Whether more is to be said now. */
  readonly mayTalk: () => boolean;
}

const pauseMs = 15;
const afterFailureMs = 100;
const editShare = 0.1;
const reactionShare = 0.1;
const recentMessages = 20;

/**
 * Everybody on one side, each saying one thing after the other in each chat.
 *
 * Each thing is said once: where its side did not answer, its log will tell whether it was said.
 */
export class Talk {
  readonly spoken = new Map<string, Spoken>();
  readonly #options: TalkOptions;
  readonly #talkers: Promise<void>[];
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
    const { chance } = this.#options;
    const what = chance.fraction();
    const text = `${person} ${chat} ${count}`;
    if (what < editShare) {
      const own = this.#recent(chat).filter(({ speaker }) => speaker === person);
      if (own.length > 0) return about('edit', text, chance.one(own));
    } else if (what < editShare + reactionShare) {
      const any = this.#recent(chat);
      if (any.length > 0) return about('reaction', text, chance.one(any));
    }
    return { what: 'message', text, chat };
  }

  #recent(chat: string): readonly Message[] {
    return this.#options.side.record().messages.get(chat)?.slice(-recentMessages) ?? [];
  }
}

const about = (what: Said['what'], text: string, { id, chat }: Message): Saying => ({
  what,
  text: `${text} ${what}`,
  chat,
  target: id,
});
