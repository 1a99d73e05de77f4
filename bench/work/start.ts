import { until } from '../measure/until.ts';
import { Events } from './events.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;

/**
 * From the spawn of the process to the first message at the network, with a database that has been
 * used for long, and with one that is empty. The homeserver tries every few milliseconds.
 */
export const start = (name: 'start' | 'start-empty', lines: readonly Line[]): Work => ({
  name,
  lines,
  subjects: ['drawbridge'],
  stage: ({ portals, links }) =>
    name === 'start'
      ? { portals, seeded: { ghosts: portals, links }, pauseMs: 3 }
      : { portals: ROOMS, pauseMs: 3 },
  async run({ subject, network, pusher }) {
    // Once before, so that what is measured finds its files in the memory of the machine.
    await subject.start();
    await subject.stop();
    const [transaction] = new Events(ROOMS).transactions(1, 1);
    let arrivedAt = 0;
    network.onMessage = () => {
      arrivedAt = performance.now();
    };
    const started = subject.start();
    if (transaction) await pusher.push(transaction);
    const startedAt = await started;
    await until(() => network.received, 1);
    const { rssMiB, peakMiB, cpuSeconds } = subject.use();
    return {
      otherCores: 0,
      figures: { firstMs: arrivedAt - startedAt, rssMiB, peakMiB, cpuMs: cpuSeconds * 1000 },
    };
  },
});
