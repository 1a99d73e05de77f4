import type { ReceiptChange } from './change.ts';

interface Kept extends ReceiptChange {
  readonly position: number;
}

interface Key {
  readonly userId: string;
  readonly type: string;
  readonly threadId?: string | undefined;
}

const keyOf = ({ userId, type, threadId }: Key) => [userId, type, threadId ?? ''].join('\0');

/** How far everybody has read. */
export class Receipts {
  readonly #byRoom = new Map<string, Map<string, Kept>>();
  readonly #newest = new Map<string, number>();

  apply(change: ReceiptChange, position: number): void {
    const room = this.#byRoom.get(change.roomId) ?? new Map();
    this.#byRoom.set(change.roomId, room.set(keyOf(change), { ...change, position }));
    this.#newest.set(change.roomId, position);
  }

  changedAfter(roomId: string, position: number): boolean {
    return (this.#newest.get(roomId) ?? 0) > position;
  }

  get(of: Key & { readonly roomId: string }): ReceiptChange | undefined {
    return this.#byRoom.get(of.roomId)?.get(keyOf(of));
  }

  /** What changed after `position`, as far as `userId` may see it. */
  since(roomId: string, userId: string, position: number): readonly ReceiptChange[] {
    return [...(this.#byRoom.get(roomId)?.values() ?? [])].filter(
      (kept) =>
        kept.position > position && (kept.type !== 'm.read.private' || kept.userId === userId),
    );
  }
}

/** `m.receipt` content: event, type, user. */
export function receiptContent(receipts: readonly ReceiptChange[]) {
  const content: Record<string, Record<string, Record<string, unknown>>> = {};
  for (const { eventId, type, userId, sentAtMs, threadId } of receipts) {
    const ofEvent = content[eventId] ?? {};
    const ofType = ofEvent[type] ?? {};
    content[eventId] = ofEvent;
    ofEvent[type] = ofType;
    ofType[userId] = { ts: sentAtMs, ...(threadId !== undefined && { thread_id: threadId }) };
  }
  return content;
}
