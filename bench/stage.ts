import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { busySeconds } from './measure/machine-use.ts';
import { NullHomeserver } from './null/homeserver.ts';
import { NullNetwork } from './null/network.ts';
import { Pusher } from './null/pusher.ts';
import { type Amounts, seed } from './ours/seed.ts';
import { SubjectProcess } from './subject-process.ts';
import type { Subject } from './subjects.ts';
import type { Wiring } from './wiring.ts';

export interface StageOptions {
  readonly portals: number;
  /** What else lies in our database from before. */
  readonly seeded?: Omit<Amounts, 'portals'>;
  /** The network remembers all ids, to see what is repeated. */
  readonly tracksIds?: boolean;
  /** The first pause of the homeserver after a transaction that was not taken. */
  readonly pauseMs?: number;
  /** Work on the folder that another stage has left. */
  readonly dataDir?: string;
}

/** What was spent while something was measured. */
export interface Spent {
  readonly seconds: number;
  /** By the subject, children included. */
  readonly cpuSeconds: number;
  /** Cores that neither the subject nor this process kept busy: the noise of a machine that is shared. */
  readonly otherCores: number;
}

/** A null homeserver and a null network in this process, and one subject in another. */
export interface Stage {
  readonly homeserver: NullHomeserver;
  readonly network: NullNetwork;
  readonly pusher: Pusher;
  readonly subject: SubjectProcess;
  /** @param work resolves with the moment at which it was over. */
  measure(work: () => Promise<number>): Promise<Spent>;
  close(): Promise<void>;
}

export async function openStage(
  subject: Subject,
  options: StageOptions,
  node: readonly string[] = [],
): Promise<Stage> {
  const dataDir = options.dataDir ?? (await mkdtemp(join('.cache/bench', 'run-')));
  const homeserver = new NullHomeserver(options.portals);
  const network = new NullNetwork({ tracksIds: options.tracksIds ?? false });
  await Promise.all([homeserver.listen(), network.listen()]);
  const wiring: Wiring = {
    homeserverUrl: `http://127.0.0.1:${homeserver.port}`,
    networkPort: network.port,
    listenPort: await freePort(),
    dataDir,
    portals: options.portals,
  };
  const pusher = new Pusher(wiring.listenPort, options.pauseMs);
  const process_ = new SubjectProcess(subject, wiring, node);
  if (subject.name === 'drawbridge' && options.dataDir === undefined)
    await seed(wiring, {
      portals: options.portals,
      ...(options.seeded ?? { ghosts: 0, links: 0 }),
    });
  return {
    homeserver,
    network,
    pusher,
    subject: process_,
    measure: (work) => measure(process_, work),
    async close() {
      pusher.close();
      await process_.stop();
      homeserver.close();
      network.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true });
    },
  };
}

async function measure(subject: SubjectProcess, work: () => Promise<number>): Promise<Spent> {
  const cpuBefore = subject.use().cpuSeconds;
  const ownBefore = process.cpuUsage();
  const busyBefore = busySeconds();
  const from = performance.now();
  const end = await work();
  const all = (performance.now() - from) / 1000;
  const cpuSeconds = subject.use().cpuSeconds - cpuBefore;
  const { user, system } = process.cpuUsage(ownBefore);
  const others = busySeconds() - busyBefore - cpuSeconds - (user + system) / 1e6;
  return { seconds: (end - from) / 1000, cpuSeconds, otherCores: Math.max(0, others / all) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
