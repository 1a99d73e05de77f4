import { until } from '../measure/until.ts';
import { chance } from '../null/chance.ts';
import { Talk } from '../null/talk.ts';
import type { Spent, Stage } from '../stage.ts';
import type { Finding, Line, Scale, Work } from './work.ts';

/** So many messages are under way at any time. */
const WINDOW = 256;
const WINDOW_ONE_ROOM = 64;

interface Pass {
  readonly rooms: number;
  readonly window: number;
  /** Who speaks next. Everybody stays in one room. */
  readonly who: (index: number) => number;
  /** Until so many are sent, or so long has passed. */
  readonly messages: number;
  readonly seconds: number;
}

/** Network to Matrix, with so many messages always under way. @returns how many, and the last's moment. */
async function pass(stage: Stage, talk: Talk, { rooms, window, who, ...most }: Pass) {
  const { homeserver, network } = stage;
  const end = performance.now() + most.seconds * 1000;
  let sent = 0;
  let got = 0;
  let last = performance.now();
  const sayOne = () => {
    const user = who(sent++);
    const chat = `c${user % rooms}`;
    network.say(chat, `u${user}`, talk.say(chat));
  };
  homeserver.onMessage = () => {
    got++;
    last = performance.now();
    if (sent < most.messages && last < end) sayOne();
  };
  while (sent < Math.min(window, most.messages)) sayOne();
  const isOver = () => (got === sent && (sent >= most.messages || last >= end) ? 1 : 0);
  await until(() => isOver() * Number.MAX_SAFE_INTEGER + got, Number.MAX_SAFE_INTEGER);
  return { sent, got, last };
}

function findingOf(
  spent: Spent,
  { sent, got }: { sent: number; got: number },
  stage: Stage,
): Finding {
  return {
    otherCores: spent.otherCores,
    figures: {
      perSecond: got / spent.seconds,
      cpuMsPerThousand: (spent.cpuSeconds / got) * 1e6,
      lost: sent - got,
      late: stage.homeserver.heard.late,
      repeated: stage.homeserver.heard.repeated,
    },
  };
}

async function measured(stage: Stage, talk: Talk, how: Pass): Promise<Finding> {
  let done = { sent: 0, got: 0 };
  const spent = await stage.measure(async () => {
    const { last, ...counts } = await pass(stage, talk, how);
    done = counts;
    return last;
  });
  return findingOf(spent, done, stage);
}

const FOREVER = Number.POSITIVE_INFINITY;

/** People who have all spoken before, in so many rooms. */
export function remoteWarm(of: {
  readonly name: string;
  readonly rooms: number;
  readonly ghosts: (scale: Scale) => number;
  readonly line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>;
}): Work {
  const { name, rooms, line } = of;
  const window = rooms === 1 ? WINDOW_ONE_ROOM : WINDOW;
  return {
    name,
    lines: [{ figure: 'perSecond', unit: 'messages/s', isBetter: 'more', ...line }],
    stage: () => ({ portals: rooms }),
    async run(stage, scale) {
      await stage.subject.start();
      const talk = new Talk();
      const ghosts = of.ghosts(scale);
      const random = chance(7);
      const anybody = () => Math.floor(random() * ghosts);
      const how = { rooms, window, messages: FOREVER, seconds: scale.seconds };
      const everybody = { ...how, messages: ghosts, seconds: FOREVER };
      await pass(stage, talk, { ...everybody, who: (index) => index });
      await pass(stage, talk, { ...how, who: anybody, seconds: scale.seconds / 2 });
      return measured(stage, talk, { ...how, who: anybody });
    },
  };
}

/** People of whom each speaks for the first time. */
export const remoteCold = (line: Pick<Line, 'title' | 'againstFloor' | 'againstPeer'>): Work => ({
  name: 'remote-cold',
  lines: [{ figure: 'perSecond', unit: 'messages/s', isBetter: 'more', ...line }],
  stage: () => ({ portals: 100 }),
  async run(stage, { coldGhosts }) {
    await stage.subject.start();
    const talk = new Talk();
    const how = { rooms: 100, window: WINDOW, seconds: FOREVER };
    // The first ones warm up the program, not the others.
    const first = Math.ceil(coldGhosts / 20);
    await pass(stage, talk, { ...how, messages: first, who: (index) => coldGhosts + index });
    return measured(stage, talk, { ...how, messages: coldGhosts, who: (index) => index });
  },
});
