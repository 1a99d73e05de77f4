import { crash } from './work/crash.ts';
import { faults } from './work/faults.ts';
import { matrixLatency, remoteLatency } from './work/latency.ts';
import { matrixRate } from './work/matrix-rate.ts';
import { memory } from './work/memory.ts';
import { remoteCold, remoteWarm } from './work/remote-rate.ts';
import { start } from './work/start.ts';
import type { Line, Scale, Work } from './work/work.ts';

export const FULL: Scale = {
  seconds: 2,
  latencySeconds: 8,
  ghosts: 1_000,
  coldGhosts: 10_000,
  events: 100_000,
  crashEvents: 20_000,
  portals: 100_000,
  links: 1_000_000,
};

/** Just enough to see that everything runs. Its figures say nothing. */
export const QUICK: Scale = {
  seconds: 0.2,
  latencySeconds: 0.5,
  ghosts: 100,
  coldGhosts: 200,
  events: 1_000,
  crashEvents: 2_000,
  portals: 1_000,
  links: 5_000,
};

const count = (title: string, figure: string): Line => ({
  ...{ title, figure, unit: 'messages', isBetter: 'less' },
});

/** Everything that is asked of the subjects, with what we want to reach. */
export const works: readonly Work[] = [
  matrixRate(100, { againstFloor: 0.25, againstPeer: 4 }),
  matrixRate(10, { againstFloor: 0.25, againstPeer: 4 }),
  matrixRate(1, { againstFloor: 0.6, againstPeer: 1 }),
  remoteWarm({
    name: 'remote-warm',
    rooms: 100,
    ghosts: ({ ghosts }) => ghosts,
    line: {
      ...{ title: 'remote→Matrix, 100 rooms, 1,000 warm ghosts', againstFloor: 0.6 },
      againstPeer: 1.3,
    },
  }),
  remoteWarm({
    name: 'remote-one-room',
    rooms: 1,
    ghosts: () => 1,
    line: { title: 'remote→Matrix, one room, strict order', againstFloor: 0.8, againstPeer: 0.9 },
  }),
  remoteCold({ title: 'remote→Matrix, 10,000 cold ghosts', againstFloor: 0.7, againstPeer: 2 }),
  matrixLatency({
    ...{ title: 'latency p99 at 200/s, Matrix→remote', againstFloor: 1.5, againstPeer: 1 },
  }),
  remoteLatency({
    ...{ title: 'latency p99 at 200/s, remote→Matrix', againstFloor: 1.5, againstPeer: 1 },
  }),
  memory({
    ...{ title: 'memory after 100,000 events, 10,000 ghosts', againstFloor: 1.5, againstPeer: 0.5 },
  }),
  start('start', [
    {
      ...{ title: 'start to first message, 100,000 portals', figure: 'firstMs', unit: 'ms' },
      isBetter: 'less',
    },
    {
      ...{ title: 'memory then, 100,000 portals', figure: 'rssMiB', unit: 'MiB' },
      isBetter: 'less',
    },
  ]),
  start('start-empty', [
    {
      ...{ title: 'start to first message, empty database', figure: 'firstMs', unit: 'ms' },
      isBetter: 'less',
    },
    { title: 'memory then, empty database', figure: 'rssMiB', unit: 'MiB', isBetter: 'less' },
  ]),
  crash([
    count('kill -9 in mid-stream, of 20,000: lost', 'lost'),
    count('kill -9 in mid-stream: sent again, known by its id', 'repeated'),
  ]),
  faults([
    count('429, 502 and cuts, of 4,000: lost', 'lost'),
    count('429, 502 and cuts: doubled', 'repeated'),
  ]),
];
