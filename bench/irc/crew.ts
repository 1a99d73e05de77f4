import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Told } from './orders.ts';

/** The process with the adapter, as whoever measures it sees it. */
export class Crew {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, (told: Extract<Told, { number: number }>) => void>();
  readonly #heard: (text: string, atMs: number) => void;
  #orders = 0;

  constructor(heard: (text: string, atMs: number) => void) {
    this.#heard = heard;
    this.#child = fork('.cache/build/bench/irc/adapter.js', { execArgv: ['--expose-gc'] });
    this.#child.on('message', (told: Told) => {
      if ('heard' in told) this.#heard(told.heard, told.atMs);
      else this.#open.get(told.number)?.(told);
    });
  }

  /** @returns what it weighs, where that was asked. */
  async order(order: Order): Promise<number> {
    const number = ++this.#orders;
    const told = await new Promise<Extract<Told, { number: number }>>((resolve) => {
      this.#open.set(number, resolve);
      this.#child.send({ number, order });
    });
    this.#open.delete(number);
    if (told.error !== undefined) throw new Error(`${order.do}: ${told.error}`);
    return told.bytes ?? 0;
  }

  async end(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}
