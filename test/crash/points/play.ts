import { Flight } from '../flight.ts';
import type { SideRecord } from '../side.ts';
import type { Spoken } from '../talk.ts';
import { patient, type Until } from '../until.ts';
import { judgeBoth, rulesOf, type Way } from '../ways.ts';
import type { Counts, Moment } from './calls.ts';
import { findTroubles } from './facts.ts';
import { type Scene, Script } from './script.ts';
import { appserviceId, enterAll, type Place, type Setting, type Stage, setStage } from './stage.ts';

/** When the bridge ends in a scene: its lives there, one after the other. */
export type Ends = ReadonlyMap<string, readonly Moment[]>;

/** What came of one play of the script, with or without ends of the bridge in it. */
export interface Played {
  readonly ways: readonly Way[];
  readonly troubles: readonly string[];
  /** The scenes in which not every end came. */
  readonly missed: ReadonlySet<string>;
  /** How often each call was made in a scene, by the last life in it. */
  readonly calls: ReadonlyMap<string, Counts>;
}

const patienceMs = 30_000;
const quietMs = 250;

/** Plays the script once on a stage of its own, and judges. */
export async function play(
  dir: string,
  place: Place,
  setting: Setting & { readonly ends: Ends },
): Promise<Played> {
  const stage = await setStage(dir, place, setting);
  const { matrix, remote, lives } = stage;
  const rules = rulesOf(setting);
  const read = { matrix: () => matrix.record(), remote: () => remote.record() };
  const flights = [
    new Flight(read.matrix, read.remote, rules.towardsNetwork),
    new Flight(read.remote, read.matrix, rules.towardsMatrix),
  ];
  const spoken = new Map<string, Spoken>();
  const until = patient(patienceMs, () => lives.tend());
  const isSettled = () => flights.every((flight) => flight.count() === 0);
  const script = new Script(stage, { until, isSettled, spoken });
  const rehearsal = new Rehearsal(stage, setting.ends);
  const troubles: string[] = [];
  try {
    await enterAll(stage);
    for (const scene of script.scenes) await rehearsal.play(scene);
    const quiet = { play: () => untilQuiet(stage, until, isSettled) };
    await rehearsal.play({ name: 'all comes to rest', ...quiet });
    await rehearsal.stop('the bridge stops');
    // Once more from a fresh start, where nothing may come again.
    await rehearsal.play({ name: 'the bridge starts again', ...quiet });
    await rehearsal.stop('the bridge stops again');
    troubles.push(...(await findTroubles(stage, dir)));
  } catch (error) {
    troubles.push((error as Error).message);
  } finally {
    await stage.end();
  }
  const ways = judgeBoth({ matrix: matrix.record(), remote: remote.record() }, rules, spoken);
  const { missed, calls } = rehearsal;
  return { ways, troubles: [...lives.troubles, ...troubles], missed, calls };
}

/** Takes a bridge from scene to scene, and notes what came in each. */
class Rehearsal {
  readonly missed = new Set<string>();
  readonly calls = new Map<string, Counts>();
  readonly #stage: Stage;
  readonly #ends: Ends;

  constructor(stage: Stage, ends: Ends) {
    this.#stage = stage;
    this.#ends = ends;
  }

  async play({ name, play: act }: Scene): Promise<void> {
    const { lives } = this.#stage;
    await lives.begin(this.#ends.get(name) ?? []);
    await act();
    this.#note(name, await lives.rest());
  }

  async stop(name: string): Promise<void> {
    const { lives } = this.#stage;
    await lives.begin(this.#ends.get(name) ?? []);
    this.#note(name, await lives.stop());
  }

  #note(name: string, counts: Counts): void {
    this.calls.set(name, counts);
    if (this.#stage.lives.due.length > 0) this.missed.add(name);
  }
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
