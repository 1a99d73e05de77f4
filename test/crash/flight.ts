import type { SideRecord } from './side.ts';

/** Counts what was said on one side and has neither arrived on the other nor been given up. */
export class Flight {
  readonly #from: () => SideRecord;
  readonly #to: () => SideRecord;
  readonly #settled = new Set<string>();
  #nextArrival = 0;

  constructor(from: () => SideRecord, to: () => SideRecord) {
    this.#from = from;
    this.#to = to;
  }

  count(): number {
    const { said, told } = this.#from();
    const { arrived } = this.#to();
    for (const { text } of arrived.slice(this.#nextArrival)) this.#settled.add(text);
    this.#nextArrival = arrived.length;
    for (const text of told.keys()) this.#settled.add(text);
    return said.length - this.#settled.size;
  }
}
