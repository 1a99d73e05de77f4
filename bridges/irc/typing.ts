import type { RemoteChatId } from '#adapter';
import type { Clock } from './wire/clock.ts';

/** It is forgotten after twice as long. @see https://ircv3.net/specs/client-tags/typing */
const AGAIN_MS = 3_000;

/** Says again and again that somebody types, for as long as it holds. */
export class Typing {
  private readonly clock: Clock;
  private readonly say: (chat: RemoteChatId, isTyping: boolean) => void;
  private readonly next = new Map<RemoteChatId, () => void>();

  constructor(clock: Clock, say: (chat: RemoteChatId, isTyping: boolean) => void) {
    this.clock = clock;
    this.say = say;
  }

  set(chat: RemoteChatId, forMs: number): void {
    this.cancel(chat);
    this.say(chat, forMs > 0);
    if (forMs > AGAIN_MS)
      this.next.set(
        chat,
        this.clock.after(AGAIN_MS, () => this.set(chat, forMs - AGAIN_MS)),
      );
  }

  close(): void {
    for (const chat of this.next.keys()) this.cancel(chat);
  }

  private cancel(chat: RemoteChatId): void {
    this.next.get(chat)?.();
    this.next.delete(chat);
  }
}
