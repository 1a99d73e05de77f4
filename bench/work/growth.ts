import { until } from '../measure/until.ts';
import { Talk } from '../null/talk.ts';
import type { Stage } from '../stage.ts';
import { Events } from './events.ts';
import { pushAll } from './matrix-rate.ts';
import type { Line, Scale, Work } from './work.ts';

/** So many rooms are talked in, however many there are, so that only what lies beside them differs. */
const ROOMS = 10;
/** One in each room. */
const AT_ONCE = ROOMS;
const WARM_UP = 0.2;
/** Enough for the clock of the processor, which ticks a hundred times a second. */
const SHARE = 20;

/** What is there, at one point of a curve. */
export interface Size {
  readonly portals: number;
  readonly links: number;
}

/** One thing grows, and all else stays. */
export interface Series {
  readonly grows: 'portals' | 'links';
  readonly sizes: readonly Size[];
}

const PORTALS = [10, 100, 1_000, 10_000, 100_000];
const LINKS = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

export const series: readonly Series[] = [
  { grows: 'portals', sizes: PORTALS.map((portals) => ({ portals, links: 1_000 })) },
  { grows: 'links', sizes: LINKS.map((links) => ({ portals: 1_000, links })) },
];

export const nameOf = (grows: Series['grows'], size: Size): string =>
  `growth-${grows}-${size[grows]}`;

const cost = (title: string, figure: string): Line => ({
  ...{ title, figure, unit: 'CPU ms per 1,000', isBetter: 'less' },
});

/** What a message costs the processor: one for each size, or for so many of the smallest. */
export const growth = (most?: number): readonly Work[] =>
  series.flatMap(({ grows, sizes }) => sizes.slice(0, most).map((size) => workOf(grows, size)));

function workOf(grows: Series['grows'], size: Size): Work {
  const there = `${size[grows].toLocaleString('en-US')} ${grows}`;
  return {
    name: nameOf(grows, size),
    lines: [
      cost(`Matrix→remote, ${there}`, 'matrixCpuMs'),
      cost(`remote→Matrix, ${there}`, 'remoteCpuMs'),
    ],
    subjects: ['drawbridge'],
    stage: () => ({ portals: size.portals, seeded: { ghosts: 1_000, links: size.links } }),
    run: (stage, scale) => run(stage, scale, size.portals / ROOMS),
  };
}

/** @param step from one room that is talked in to the next. */
async function run(stage: Stage, { events }: Scale, step: number) {
  await stage.subject.start();
  const fromMatrix = new Events(ROOMS, step);
  const push = (count: number) => pushAll(stage, fromMatrix.transactions(count, AT_ONCE));
  const say = talker(stage, step);
  const matrixCpuMs = await costOf(stage, push, events / SHARE);
  const remoteCpuMs = await costOf(stage, say, events / SHARE);
  return { otherCores: 0, figures: { matrixCpuMs, remoteCpuMs } };
}

async function costOf(stage: Stage, work: (count: number) => Promise<number>, count: number) {
  await work(count * WARM_UP);
  const { cpuSeconds } = await stage.measure(() => work(count));
  return (cpuSeconds / count) * 1e6;
}

/** Somebody says something in each room, and then again, once all of that is in the rooms. */
function talker({ network, homeserver }: Stage, step: number) {
  const talk = new Talk();
  let bridged = 0;
  let said = 0;
  homeserver.onMessage = () => bridged++;
  return async (count: number): Promise<number> => {
    for (const end = said + count; said < end; ) {
      for (let room = 0; room < AT_ONCE; room++, said++) {
        const chat = `c${room * step}`;
        network.say(chat, `u${room}`, talk.say(chat));
      }
      await until(() => bridged, said);
    }
    return performance.now();
  };
}
