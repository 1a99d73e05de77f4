import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../measure/until.ts';
import { chance } from '../null/chance.ts';
import { Talk } from '../null/talk.ts';
import type { Line, Work } from './work.ts';

const ROOMS = 100;
const GHOSTS = 200;
const PER_SECOND = 400;
const FAULTS = { limited: 0.01, broken: 0.01, cut: 0.01 };

/** Network to Matrix while the homeserver limits, breaks and cuts one in a hundred sends each. */
export const faults = (lines: readonly Line[]): Work => ({
  name: 'faults',
  lines,
  stage: () => ({ portals: ROOMS }),
  async run({ subject, homeserver, network }, { crashEvents }) {
    await subject.start();
    const talk = new Talk();
    const random = chance(7);
    const say = (user: number) => {
      const chat = `c${user % ROOMS}`;
      network.say(chat, `u${user}`, talk.say(chat));
    };
    for (let user = 0; user < GHOSTS; user++) say(user);
    await until(() => homeserver.heard.count, GHOSTS);
    homeserver.beginFaults(FAULTS);
    const messages = crashEvents / 5;
    for (let index = 0; index < messages; index++) {
      say(Math.floor(random() * GHOSTS));
      if (index % 4 === 3) await delay(4000 / PER_SECOND);
    }
    const { heard } = homeserver;
    const distinct = () => heard.count - heard.repeated;
    await until(distinct, GHOSTS + messages, 10_000);
    return {
      otherCores: 0,
      figures: {
        lost: GHOSTS + messages - distinct(),
        repeated: heard.repeated,
        late: heard.late,
      },
    };
  },
});
