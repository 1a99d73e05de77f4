import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../measure/until.ts';
import { Talk } from '../null/talk.ts';
import { Events } from './events.ts';
import { pushAll } from './matrix-rate.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;
/** A collector of garbage gets so long. */
const REST_MS = 2_000;

/**
 * What stays in memory after many events and new ghosts.
 *
 * At a pace that each can follow: the next transaction is pushed when the one before it is through. What
 * a burst does to one that acknowledges before it handles is another question.
 */
export const memory = (line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>): Work => ({
  name: 'memory',
  lines: [{ figure: 'rssMiB', unit: 'MiB', isBetter: 'less', ...line }],
  stage: () => ({ portals: ROOMS }),
  async run(stage, { events, coldGhosts, seconds }) {
    const { subject, network, homeserver } = stage;
    const rest = () => delay(Math.min(REST_MS, seconds * REST_MS));
    await subject.start();
    await rest();
    const idle = subject.use();
    for (const transaction of new Events(ROOMS).transactions(events, 100))
      await pushAll(stage, [transaction]);
    await rest();
    const afterEvents = subject.use();
    const talk = new Talk();
    let bridged = 0;
    homeserver.onMessage = () => bridged++;
    for (let user = 0; user < coldGhosts; user++) {
      const chat = `c${user % ROOMS}`;
      network.say(chat, `u${user}`, talk.say(chat));
      if (user % ROOMS === ROOMS - 1) await until(() => bridged, user + 1);
    }
    await rest();
    const after = subject.use();
    return {
      otherCores: 0,
      figures: {
        idleMiB: idle.rssMiB,
        afterEventsMiB: afterEvents.rssMiB,
        rssMiB: after.rssMiB,
        peakMiB: after.peakMiB,
        lost: events + coldGhosts - network.received - bridged,
      },
    };
  },
});
