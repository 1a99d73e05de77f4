import { beforeEach, describe, expect, it } from 'vitest';
import { Demonstration, type DemonstrationView } from '../../../src/playground/demonstration.ts';
import { type MemorySide, memorySide } from './memory-side.ts';

let matrix: MemorySide;
let remote: MemorySide;
const signal = new AbortController().signal;

beforeEach(() => {
  matrix = memorySide('matrix', ['alice', 'bob']);
  remote = memorySide('remote', ['carol', 'dave']);
});

/** A bridge in memory: while it is killed, what is said waits. */
class MemoryBridge {
  readonly events: string[] = [];
  readonly #waiting: (() => void)[] = [];
  #isRunning = true;

  /** `carry`: how often a text arrives on the other side. */
  constructor(carry: (text: string) => number = () => 1) {
    for (const [from, to] of [
      [matrix, remote],
      [remote, matrix],
    ] as const)
      from.board.watch({
        changed: (change) => {
          if (change.kind !== 'said' || change.bridged) return;
          const { text } = change;
          this.#carry(() => {
            for (let copy = 0; copy < carry(text); copy++) to.hear(text);
          });
        },
      });
  }

  #carry(deliver: () => void): void {
    if (this.#isRunning) deliver();
    else this.#waiting.push(deliver);
  }

  async kill(): Promise<void> {
    this.events.push('kill');
    this.#isRunning = false;
  }

  async start(): Promise<void> {
    this.events.push('start');
    this.#isRunning = true;
    for (const deliver of this.#waiting.splice(0)) deliver();
  }
}

async function run(bridge: MemoryBridge | { kill(): Promise<void>; start(): Promise<void> }) {
  const seen: DemonstrationView[] = [];
  const demonstration = new Demonstration({
    sides: { matrix, remote },
    bridge,
    onChange: (view) => seen.push(view),
    ...{ each: 10, paceMs: 1, patienceMs: 200, settleMs: 1 },
  });
  await demonstration.run(signal);
  return { seen, view: demonstration.view };
}

describe('Demonstration', () => {
  it('kills the bridge in mid-stream, starts it again, and finds nothing missing', async () => {
    const bridge = new MemoryBridge();
    const { seen, view } = await run(bridge);
    expect(view).toMatchObject({
      is: 'done',
      isFlawless: true,
      matrix: { sent: 10, arrived: 10 },
      remote: { sent: 10, arrived: 10 },
    });
    expect(bridge.events).toEqual(['start', 'kill', 'start']);
    const killed = seen.find((each) => each.is === 'running' && each.step === 'killed');
    const sentByThen = killed?.is === 'running' ? killed.sent.remote : 0;
    expect(sentByThen).toBeGreaterThanOrEqual(5);
    expect(sentByThen).toBeLessThan(10);
  });

  it('counts what a bad bridge loses', async () => {
    const { view } = await run(new MemoryBridge((text) => (text.startsWith('7 of') ? 0 : 1)));
    expect(view).toMatchObject({ is: 'done', isFlawless: false, matrix: { lost: 1 } });
    expect(view).toMatchObject({ remote: { lost: 1, doubled: 0 } });
  });

  it('counts what a bad bridge says twice', async () => {
    const { view } = await run(new MemoryBridge((text) => (text.startsWith('3 of') ? 2 : 1)));
    expect(view).toMatchObject({ is: 'done', isFlawless: false, matrix: { lost: 0, doubled: 1 } });
  });

  it('counts only its own messages when it is run again, or when somebody else talks', async () => {
    const bridge = new MemoryBridge();
    await run(bridge);
    await matrix.say('alice', 'in between');
    const { view } = await run(bridge);
    expect(view).toMatchObject({ isFlawless: true, remote: { sent: 10, arrived: 10 } });
  });

  it('says why it broke off where the bridge does not start', async () => {
    const start = () => Promise.reject(new Error('it did not start'));
    const { view } = await run({ kill: async () => undefined, start });
    expect(view).toEqual({
      is: 'failed',
      reason: 'The demonstration broke off: it did not start',
    });
  });
});
