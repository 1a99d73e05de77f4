import { setTimeout as delay } from 'node:timers/promises';
import { quantiles, SHARES } from '../measure/quantiles.ts';
import { until } from '../measure/until.ts';
import { chance } from '../null/chance.ts';
import { keyOf, Talk } from '../null/talk.ts';
import type { Stage } from '../stage.ts';
import { Events } from './events.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;
const PER_SECOND = 200;
const WARM_UP_SECONDS = 2;

/** Says things at an even rate, and learns how long each is on its way. */
class Stopwatch {
  readonly #saidAt = new Map<string, number>();
  readonly #tookMs: number[] = [];

  arrived(text: string): void {
    const key = keyOf(text);
    const saidAt = this.#saidAt.get(key);
    if (saidAt === undefined) return;
    this.#saidAt.delete(key);
    this.#tookMs.push(performance.now() - saidAt);
  }

  /** @param say says something, and gives its text. @returns how long each took. */
  async run(seconds: number, say: (index: number) => string): Promise<readonly number[]> {
    this.#tookMs.length = 0;
    const from = performance.now();
    for (let index = 0; index < seconds * PER_SECOND; index++) {
      const waitMs = from + (index * 1000) / PER_SECOND - performance.now();
      if (waitMs > 0.5) await delay(waitMs);
      this.#saidAt.set(keyOf(say(index)), performance.now());
    }
    await until(() => -this.#saidAt.size, 0);
    return [...this.#tookMs];
  }
}

type Say = (index: number) => string;

function latency(
  name: string,
  line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>,
  prepare: (stage: Stage, watch: Stopwatch, ghosts: number) => { everybody: Say; say: Say },
): Work {
  return {
    name,
    lines: [{ figure: 'p99Ms', unit: 'ms', isBetter: 'less', ...line }],
    stage: () => ({ portals: ROOMS }),
    async run(stage, { latencySeconds, ghosts }) {
      await stage.subject.start();
      const watch = new Stopwatch();
      const { everybody, say } = prepare(stage, watch, ghosts);
      await watch.run(ghosts / PER_SECOND, everybody);
      await watch.run(Math.min(WARM_UP_SECONDS, latencySeconds), say);
      let tookMs: readonly number[] = [];
      const spent = await stage.measure(async () => {
        tookMs = await watch.run(latencySeconds, say);
        return performance.now();
      });
      const curve = quantiles(tookMs);
      const at = (share: number) => curve[SHARES.indexOf(share)] ?? Number.NaN;
      return {
        otherCores: spent.otherCores,
        curve,
        figures: {
          p50Ms: at(0.5),
          p99Ms: at(0.99),
          cpuMsPerThousand: (spent.cpuSeconds / tookMs.length) * 1e6,
          lost: latencySeconds * PER_SECOND - tookMs.length,
        },
      };
    },
  };
}

/** From when an event is there until the network has it. Meanwhile others queue, as in a homeserver. */
export const matrixLatency = (line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>): Work =>
  latency('latency-matrix', line, ({ network, pusher }, watch) => {
    const events = new Events(ROOMS);
    network.onMessage = (text) => watch.arrived(text);
    const say = () => {
      const event = events.next();
      void pusher.enqueue(event);
      return event.content.body;
    };
    return { everybody: say, say };
  });

export const remoteLatency = (line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>): Work =>
  latency('latency-remote', line, ({ homeserver, network }, watch, ghosts) => {
    const talk = new Talk();
    const random = chance(7);
    homeserver.onMessage = (text) => watch.arrived(text);
    const sayAs = (user: number) => {
      const chat = `c${user % ROOMS}`;
      const text = talk.say(chat);
      network.say(chat, `u${user}`, text);
      return text;
    };
    return { everybody: sayAs, say: () => sayAs(Math.floor(random() * ghosts)) };
  });
