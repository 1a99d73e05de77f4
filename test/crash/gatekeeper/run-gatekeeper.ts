import { Chance } from '../chance.ts';
import { Flight } from '../flight.ts';
import { isQuiet } from '../rest.ts';
import type { Side } from '../side.ts';
import { Talk } from '../talk.ts';
import { judgeBoth, type Way } from '../ways.ts';
import type { GatekeeperOptions, Suite } from './options.ts';
import { type GatekeeperRound, killOnce } from './rounds.ts';
import { type GatekeeperSite, makeGatekeeperSite } from './site.ts';

/** What came of all the kills in one suite. */
export interface GatekeeperOutcome {
  readonly suite: Suite;
  readonly rounds: readonly GatekeeperRound[];
  readonly ways: readonly Way[];
  /** What could not be read on either side. There should be none. */
  readonly holes: readonly string[];
  readonly troubles: readonly string[];
  readonly tookMs: number;
  readonly dir: string;
}

/** Nobody says more while that many are under way. */
const mostInFlight = 30;
const lossless = { mayStayUnknown: false, hidesRemoved: false, mayComeLate: false };
const rulesFor = (homeserver: GatekeeperOptions['homeserver']) => ({
  towardsNetwork: { ...lossless, hidesRemoved: true, mayComeLate: homeserver !== 'dev' },
  towardsMatrix: lossless,
});

export async function runGatekeeper(
  dir: string,
  { suite, kills, seed, homeserver }: { suite: Suite } & GatekeeperOptions,
): Promise<GatekeeperOutcome> {
  const beganAtMs = performance.now();
  const site = await makeGatekeeperSite(dir, { suite, homeserver });
  const { matrix, gatekeeper } = site;
  const rules = rulesFor(homeserver);
  const there = new Flight(
    () => matrix.record(),
    () => gatekeeper.record(),
    rules.towardsNetwork,
  );
  const here = new Flight(
    () => gatekeeper.record(),
    () => matrix.record(),
    rules.towardsMatrix,
  );
  const chance = new Chance(seed);
  const rounds: GatekeeperRound[] = [];
  const troubles: string[] = [];
  const talks = talksOf(site, { chance, there, here });
  try {
    const killing = { site, chance, flights: [there, here] };
    for (let number = 1; number <= kills; number++) rounds.push(await killOnce(killing, number));
    await Promise.all(talks.map((talk) => talk.end()));
    troubles.push(...(await comeToRest(site, [there, here])));
  } catch (error) {
    troubles.push(`it could not go on: ${(error as Error).stack}`);
  } finally {
    await Promise.all(talks.map((talk) => talk.end()));
    await site.stop();
  }
  const spoken = new Map(talks.flatMap((talk) => [...talk.spoken]));
  const ways = judgeBoth({ matrix: matrix.record(), remote: gatekeeper.record() }, rules, spoken);
  const tookMs = performance.now() - beganAtMs;
  const holes = [...gatekeeper.record().holes, ...holesIn(site)];
  troubles.push(...gatekeeper.troubles);
  return { suite, rounds, ways, holes, troubles, tookMs, dir };
}

interface Talking {
  readonly chance: Chance;
  readonly there: Flight;
  readonly here: Flight;
}

/** Each of a pair speaks in their chat, and nobody else does. */
function talksOf({ matrix, gatekeeper, pairs }: GatekeeperSite, { chance, there, here }: Talking) {
  return pairs.flatMap((pair) => {
    const common = { chance, chats: [pair.chat] };
    return [
      new Talk({
        ...{ ...common, side: alone(matrix, pair.here) },
        mayTalk: () => there.count() < mostInFlight,
      }),
      new Talk({
        ...{ ...common, side: alone(gatekeeper, pair.there) },
        mayTalk: () => here.count() < mostInFlight,
      }),
    ];
  });
}

const alone = (side: Side, person: string): Side => ({
  name: side.name,
  people: [person],
  say: (who, saying) => side.say(who, saying),
  record: () => side.record(),
});

/** What the bridge said in a room that it could not have. */
function holesIn({ events, matrix }: GatekeeperSite): string[] {
  const rooms = new Set(matrix.rooms.values());
  return events
    .read()
    .filter(({ room_id, content }) => rooms.has(room_id) && content.msgtype === 'm.notice')
    .filter(({ content }) => content['m.relates_to'] === undefined)
    .filter(({ content }) => content.body?.includes('could not be bridged'))
    .map(({ room_id, content }) => `${room_id}: ${content.body}`);
}

/** All that is under way has to arrive, and once more from a fresh start, where nothing may come again. */
async function comeToRest(site: GatekeeperSite, flights: readonly Flight[]): Promise<string[]> {
  const { bridge, matrix, gatekeeper: remote, queue } = site;
  const troubles: string[] = [];
  for (const when of ['after the kills', 'after a restart']) {
    await bridge.start();
    if (!(await isQuiet({ matrix, remote, queue }, flights)))
      troubles.push(`${when} it did not come to rest`);
    await bridge.stop().catch((error: Error) => troubles.push(error.message));
  }
  return troubles;
}
