import { randomBytes } from 'node:crypto';
import type { BridgeProcess, BridgeStanding } from './bridge-process.ts';
import { type Crossed, Crossings } from './crossings.ts';
import { Demonstration } from './demonstration.ts';
import { CHAT, ROOM_ALIAS } from './scene.ts';
import type { Stage } from './server/actions.ts';
import { Live } from './server/live.ts';
import type { Side, SideName } from './sides/board.ts';

/** How often the counters are told, at most. */
const COUNT_EVERY_MS = 50;

const titles = {
  matrix: {
    title: 'Matrix',
    about: `Room ${ROOM_ALIAS}`,
    empty: 'Nothing was said yet. Say hello as Alice or Bob, and look at the other side.',
  },
  remote: {
    title: 'Loopback',
    about: `Chat #${CHAT}, on this machine`,
    empty: 'Nothing was said yet. Say hello as Carol or Dave, and look at the other side.',
  },
} as const;

/**
 * All that the page shows, kept up to date and told to whoever has it open. The sides are given to it
 * before they are opened, as it counts from their beginning.
 */
export class Show implements Stage {
  readonly sides: Readonly<Record<SideName, Side>>;
  readonly live: Live;
  readonly #bridge: BridgeProcess;
  readonly #crossings = new Crossings();
  readonly #demonstration: Demonstration;
  readonly #closing = new AbortController();
  #counting: NodeJS.Timeout | undefined;
  #playing: Promise<void> = Promise.resolve();

  constructor(sides: Readonly<Record<SideName, Side>>, bridge: BridgeProcess) {
    const start = randomBytes(8).toString('hex');
    this.sides = sides;
    this.#bridge = bridge;
    this.live = new Live(() => ({ start, ...this.#whole() }));
    this.#demonstration = new Demonstration({
      sides,
      bridge: { kill: () => bridge.kill(), start: () => this.#startForSure() },
      onChange: (view) => this.live.tell('demonstration', view),
    });
    this.#watch(sides.matrix);
    this.#watch(sides.remote);
  }

  bridgeChanged(standing: BridgeStanding): void {
    this.live.tell('standing', standing);
  }

  killBridge(): Promise<void> {
    return this.#bridge.kill();
  }

  startBridge(): void {
    void this.#bridge.start();
  }

  demonstrate(): void {
    this.#playing = this.#demonstration.run(this.#closing.signal);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#counting);
    await this.#playing;
  }

  async #startForSure(): Promise<void> {
    await this.#bridge.start();
    if (this.#bridge.standing.is !== 'running')
      throw new Error('the bridge did not start. Its log says why.');
  }

  #whole(): object {
    const { matrix, remote } = this.sides;
    return {
      sides: { matrix: viewOf(matrix), remote: viewOf(remote) },
      standing: this.#bridge.standing,
      crossings: this.#counts(),
      demonstration: this.#demonstration.view,
    };
  }

  #counts(): object {
    return { matrix: this.#crossings.count('matrix'), remote: this.#crossings.count('remote') };
  }

  #watch({ name: side, board }: Side): void {
    board.watch({
      changed: (change) => {
        const crossed = this.#crossings.saw(side, change);
        if (crossed !== undefined) queueMicrotask(() => this.#markDelivered(crossed));
        this.#tellCounts();
      },
      line: (line) => this.live.tell('line', { side, line }),
      people: (people) => this.live.tell('people', { side, people }),
      typing: (who) => this.live.tell('typing', { side, who }),
    });
  }

  /** Not before the line itself is on its board. */
  #markDelivered({ side, id }: Crossed): void {
    this.sides[side].board.apply({ kind: 'fate', target: id, fate: 'delivered' });
  }

  #tellCounts(): void {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined;
      this.live.tell('crossings', this.#counts());
    }, COUNT_EVERY_MS);
  }
}

function viewOf({ name, board: { people, lines } }: Side): object {
  return { ...titles[name], people, lines };
}
