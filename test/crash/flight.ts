import { type Crossing, mayBeMissing, type Said } from './crossing.ts';
import { inLines, toldInLines } from './lines.ts';
import type { SideRecord } from './side.ts';

export type Rules = Pick<Crossing, 'mayStayUnknown' | 'hidesRemoved' | 'mayComeLate'>;

/** Counts what was said on one side and has neither arrived on the other nor been given up. */
export class Flight {
  readonly #from: () => SideRecord;
  readonly #to: () => SideRecord;
  readonly #rules: Rules;
  readonly #open = new Map<string, Said>();
  readonly #there = new Set<string>();
  readonly #removed = new Set<string>();
  #nextSaid = 0;
  #nextArrival = 0;

  constructor(from: () => SideRecord, to: () => SideRecord, rules: Rules) {
    this.#from = from;
    this.#to = to;
    this.#rules = rules;
  }

  count(): number {
    return this.open().length;
  }

  /** The texts of those. */
  open(): readonly string[] {
    const [from, to] = [this.#from(), this.#to()];
    this.#readOn(from, to);
    const told = toldInLines(from.told);
    const grounds = {
      ...this.#rules,
      told,
      unlinked: new Set(toldInLines(to.told).keys()),
      removed: this.#removed,
      isThere: (text: string) => this.#there.has(text),
    };
    const isUnderWay = (line: Said) => !told.has(line.text) && !mayBeMissing(line, grounds);
    return [...this.#open.values()].filter(isUnderWay).map(({ text }) => text);
  }

  #readOn({ said }: SideRecord, { arrived }: SideRecord): void {
    for (const line of said.slice(this.#nextSaid).flatMap(inLines)) {
      if (!this.#there.has(line.text)) this.#open.set(line.text, line);
      if (line.what === 'removal') this.#removed.add(line.of ?? '');
    }
    this.#nextSaid = said.length;
    for (const { text } of arrived.slice(this.#nextArrival).flatMap(inLines)) {
      this.#there.add(text);
      this.#open.delete(text);
    }
    this.#nextArrival = arrived.length;
  }
}
