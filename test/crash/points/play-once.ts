import { readFile } from 'node:fs/promises';
import { Flight } from '../flight.ts';
import type { SideRecord } from '../side.ts';
import type { Spoken } from '../talk.ts';
import { patient, type Until } from '../until.ts';
import { judgeBoth, rulesOf, type Way } from '../ways.ts';
import { findTroubles } from './facts.ts';
import { Script } from './script.ts';
import { appserviceId, enterAll, type Place, type Setting, type Stage, setStage } from './stage.ts';

/** What came of one script, with or without an end of the bridge in it. */
export interface Played {
  readonly ways: readonly Way[];
  readonly troubles: readonly string[];
  /** Whether the bridge ended at its moments. */
  readonly wasEnded: boolean;
  /** How often each call was made in the first life after those. */
  readonly calls: Readonly<Record<string, number>>;
}

const patienceMs = 30_000;
const quietMs = 250;

/** Plays the script once on a stage of its own, and judges. */
export async function playOnce(dir: string, place: Place, setting: Setting): Promise<Played> {
  const stage = await setStage(dir, place, setting);
  const { matrix, remote, lives } = stage;
  const rules = rulesOf(setting.certainty);
  const read = { matrix: () => matrix.record(), remote: () => remote.record() };
  const flights = [
    new Flight(read.matrix, read.remote, rules.towardsNetwork),
    new Flight(read.remote, read.matrix, rules.towardsMatrix),
  ];
  const spoken = new Map<string, Spoken>();
  const until = patient(patienceMs, () => lives.tend());
  const isSettled = () => flights.every((flight) => flight.count() === 0);
  const troubles: string[] = [];
  try {
    await enterAll(stage);
    await new Script(stage, { until, isSettled, spoken }).play();
    await untilQuiet(stage, until, isSettled);
    await lives.stop();
    // Once more from a fresh start, where nothing may come again.
    await untilQuiet(stage, until, isSettled);
    await lives.stop();
    troubles.push(...(await findTroubles(stage, dir)));
  } catch (error) {
    troubles.push((error as Error).message);
  } finally {
    await stage.end();
  }
  const ways = judgeBoth({ matrix: matrix.record(), remote: remote.record() }, rules, spoken);
  const calls = JSON.parse(await readFile(stage.callsFile, 'utf8').catch(() => '{}'));
  return { ways, troubles: [...lives.troubles, ...troubles], wasEnded: lives.allEnded, calls };
}

/** All has arrived, the homeserver has nothing left to push, and nothing moves any more for a while. */
async function untilQuiet(
  { matrix, remote, homeserver }: Stage,
  until: Until,
  isSettled: () => boolean,
): Promise<void> {
  let before = '';
  let sinceMs = performance.now();
  await until('rest', () => {
    const now = JSON.stringify([matrix, remote].map((side) => sizeOf(side.record())));
    if (now !== before) sinceMs = performance.now();
    before = now;
    const isStill = performance.now() - sinceMs > quietMs;
    return isStill && isSettled() && homeserver.backlog(appserviceId) === 0;
  });
}

const sizeOf = ({ said, arrived, told }: SideRecord) => [said.length, arrived.length, told.size];
