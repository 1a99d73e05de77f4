import type { SideName } from './sides/board.ts';
import type { ChatChange } from './sides/chat-log.ts';

export interface Count {
  /** Said on one side and not there on the other, though nobody was told that it failed. */
  readonly waiting: number;
  readonly delivered: number;
}

/** A message that is on both sides. */
export interface Crossed {
  readonly side: SideName;
  readonly id: string;
}

/**
 * Counts what is on its way, from what both sides show and not from what the bridge says of itself.
 *
 * A message is known on the other side by its text: the same text said twice has to arrive twice.
 */
export class Crossings {
  readonly #ways = { matrix: new Way(), remote: new Way() };

  /**
   * All that ever happened on a side, each once and in order. Gives the message that is known to be
   * on both sides from now on: by its id on the side that it was said on.
   */
  saw(on: SideName, change: ChatChange): Crossed | undefined {
    const other = on === 'matrix' ? 'remote' : 'matrix';
    const leaving = this.#ways[other];
    if (change.kind === 'removed') leaving.withdrawn(change.target);
    if (change.kind === 'fate' && (change.fate === 'failed' || change.fate === 'unknown'))
      leaving.withdrawn(change.target);
    if (change.kind !== 'said' || change.as === 'notice') return undefined;
    if (!change.bridged)
      return leaving.left(change.id, change.text) ? { side: on, id: change.id } : undefined;
    const id = this.#ways[on].arrived(change.text);
    return id === undefined ? undefined : { side: other, id };
  }

  count(towards: SideName): Count {
    return this.#ways[towards].count;
  }
}

/** Texts that left and arrived. One may be seen to arrive before it is seen to leave. */
class Way {
  readonly #waiting = new Map<string, Set<string>>();
  readonly #texts = new Map<string, string>();
  readonly #early = new Map<string, number>();
  #delivered = 0;

  get count(): Count {
    return { waiting: this.#texts.size, delivered: this.#delivered };
  }

  /** Whether it is there already. */
  left(id: string, text: string): boolean {
    const early = this.#early.get(text) ?? 0;
    if (early > 1) this.#early.set(text, early - 1);
    else this.#early.delete(text);
    if (early > 0) {
      this.#delivered++;
      return true;
    }
    this.#texts.set(id, text);
    const ids = this.#waiting.get(text) ?? new Set();
    this.#waiting.set(text, ids.add(id));
    return false;
  }

  /** Which one it was. `undefined`: none that left so far. */
  arrived(text: string): string | undefined {
    const [id] = this.#waiting.get(text) ?? [];
    if (id === undefined) {
      this.#early.set(text, (this.#early.get(text) ?? 0) + 1);
      return undefined;
    }
    this.withdrawn(id);
    this.#delivered++;
    return id;
  }

  withdrawn(id: string): void {
    const text = this.#texts.get(id);
    if (text === undefined) return;
    this.#texts.delete(id);
    const ids = this.#waiting.get(text);
    ids?.delete(id);
    if (ids?.size === 0) this.#waiting.delete(text);
  }
}
