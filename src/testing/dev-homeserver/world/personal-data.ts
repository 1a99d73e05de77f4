import type { Content } from '../room/event.ts';
import type { ChangeOf } from './change.ts';

interface Kept {
  readonly type: string;
  readonly content: Content;
  readonly position: number;
}

/** What a user keeps on the homeserver for themselves: account data and filters. */
export class PersonalData {
  readonly #data = new Map<string, Map<string, Kept>>();
  readonly #filters = new Map<string, Content[]>();

  apply(change: ChangeOf<'account-data' | 'filter'>, position: number): void {
    if (change.kind === 'filter') {
      this.#filters.set(change.userId, [...this.#filtersOf(change.userId), change.filter]);
      return;
    }
    const { type, content } = change;
    const key = keyOf(change.userId, change.roomId);
    const kept = this.#data.get(key) ?? new Map();
    this.#data.set(key, kept.set(type, { type, content, position }));
  }

  get(userId: string, roomId: string | undefined, type: string): Content | undefined {
    return this.#data.get(keyOf(userId, roomId))?.get(type)?.content;
  }

  /** What changed after `position`. */
  since(userId: string, roomId: string | undefined, position: number) {
    return [...(this.#data.get(keyOf(userId, roomId))?.values() ?? [])]
      .filter((kept) => kept.position > position)
      .map(({ type, content }) => ({ type, content }));
  }

  #filtersOf(userId: string): readonly Content[] {
    return this.#filters.get(userId) ?? [];
  }

  /** How many filters a user has saved: the newest one's id is one less. */
  filterCount(userId: string): number {
    return this.#filtersOf(userId).length;
  }

  filter(userId: string, id: string): Content | undefined {
    return /^\d+$/.test(id) ? this.#filtersOf(userId)[Number(id)] : undefined;
  }
}

const keyOf = (userId: string, roomId: string | undefined) => `${userId}\0${roomId ?? ''}`;
