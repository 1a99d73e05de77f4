import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../measure/until.ts';
import { Events } from './events.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;
const PER_TRANSACTION = 20;
const STAYS_DEAD_MS = 100;
/** What has not come within this after the last one never will. */
const GIVEN_UP_MS = 6_000;

/** Killed once with SIGKILL in the middle of a stream and started again: what never arrives, and what comes twice. */
export const crash = (lines: readonly Line[]): Work => ({
  name: 'crash',
  lines,
  stage: () => ({ portals: ROOMS, tracksIds: true }),
  async run({ subject, network, pusher }, { crashEvents }) {
    await subject.start();
    const all = new Events(ROOMS).transactions(crashEvents, PER_TRANSACTION);
    const pushed = (async () => {
      for (const transaction of all) await pusher.push(transaction);
    })();
    await until(() => network.received, crashEvents * 0.3);
    await subject.kill();
    await delay(STAYS_DEAD_MS);
    await subject.start();
    await pushed;
    const distinct = () => network.received - network.repeats;
    await until(distinct, crashEvents, GIVEN_UP_MS);
    return {
      otherCores: 0,
      figures: {
        lost: crashEvents - distinct(),
        repeated: network.repeats,
        late: network.heard.late,
      },
    };
  },
});
