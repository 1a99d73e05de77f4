import { until } from '../measure/until.ts';
import type { Transaction } from '../null/pusher.ts';
import type { Stage } from '../stage.ts';
import { Events } from './events.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;
const FIRST = 2_000;

/** Matrix to network as fast as it goes, with so many events in each transaction. */
export const matrixRate = (
  size: number,
  line: Pick<Line, 'againstFloor' | 'againstPeer'>,
): Work => ({
  name: `matrix-${size}`,
  lines: [
    {
      title: `Matrix→remote, ${size} event${size === 1 ? '' : 's'} per transaction`,
      figure: 'perSecond',
      unit: 'events/s',
      isBetter: 'more',
      ...line,
    },
  ],
  stage: () => ({ portals: ROOMS }),
  async run(stage, { seconds }) {
    await stage.subject.start();
    const events = new Events(ROOMS);
    let rate = 0;
    for (const share of [0, 0.25, 0.5]) {
      const count = share === 0 ? Math.min(FIRST, seconds * FIRST) : rate * seconds * share;
      const warmUp = events.transactions(count, size);
      const from = performance.now();
      rate = (countOf(warmUp) / ((await pushAll(stage, warmUp)) - from)) * 1000;
    }
    const measured = events.transactions(rate * seconds, size);
    const before = stage.network.received;
    const spent = await stage.measure(() => pushAll(stage, measured));
    const got = stage.network.received - before;
    return {
      otherCores: spent.otherCores,
      figures: {
        perSecond: got / spent.seconds,
        cpuMsPerThousand: (spent.cpuSeconds / got) * 1e6,
        lost: countOf(measured) - got,
        late: stage.network.heard.late,
        repeated: stage.network.heard.repeated,
      },
    };
  },
});

const countOf = (all: readonly Transaction[]) => all.reduce((sum, { events }) => sum + events, 0);

/** @returns when the last message was at the network. */
export async function pushAll(stage: Stage, all: readonly Transaction[]): Promise<number> {
  const { network, pusher } = stage;
  const target = network.received + countOf(all);
  let last = performance.now();
  network.onMessage = () => {
    if (network.received >= target) last = performance.now();
  };
  for (const transaction of all) await pusher.push(transaction);
  await until(() => network.received, target);
  return last;
}
