import { Board, Refused, type Side, type SideName } from '../../../src/playground/sides/board.ts';

export interface MemorySide extends Side {
  /** What the bridge says here for somebody on the other side. */
  hear(text: string): void;
}

/** A side that is nothing but its board, and a log that remembers everything. */
export function memorySide(name: SideName, people: readonly string[]): MemorySide {
  const board = new Board();
  const log: { text: string; bridged: boolean }[] = [];
  let last = 0;
  for (const id of people)
    board.setPerson({ id, name: id, home: name, isHere: true, maySpeak: true });

  function put(sender: string, text: string, bridged: boolean): string {
    last++;
    const id = `${name}-${last}`;
    log.push({ text, bridged });
    board.apply({ kind: 'said', id, sender, text, bridged, atMs: last });
    return id;
  }
  function mustKnow(as: string): void {
    if (!people.includes(as)) throw new Refused(`Nobody here can speak as ${as}`);
  }
  return {
    name,
    board,
    hear: (text) => void put('ghost', text, true),
    async say(as, text) {
      mustKnow(as);
      return put(as, text, false);
    },
    async edit(as, line, text) {
      mustKnow(as);
      board.apply({ kind: 'edited', target: line, text });
    },
    async remove(as, line) {
      mustKnow(as);
      board.apply({ kind: 'removed', target: line });
    },
    async react(as, line, emoji) {
      mustKnow(as);
      board.apply({ kind: 'reacted', target: line, emoji, by: as, removed: false });
    },
    async typing(as) {
      mustKnow(as);
    },
    readLog: async () => log,
  };
}
