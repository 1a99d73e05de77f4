import { Chance } from './chance.ts';
import { Flight, type Rules } from './flight.ts';
import { type Killing, leastInFlight, mostInFlight } from './killing.ts';
import type { Certainty, HomeserverKind } from './options.ts';
import { comeToRest } from './rest.ts';
import { BridgeEnded, killOnce, type Round } from './rounds.ts';
import { chats, lineBytes, makeSite, ownAccount, type Site } from './site.ts';
import { type Spoken, Talk } from './talk.ts';
import { TalkWithBot } from './talk-with-bot.ts';
import { patient } from './until.ts';
import { judgeBoth, rulesOf, type Way } from './ways.ts';

/** What came of all the kills with one certainty. */
export interface Outcome {
  readonly certainty: Certainty;
  readonly rounds: readonly Round[];
  readonly ways: readonly Way[];
  /** What is no fault of a message: the bridge ended, or never came to rest. */
  readonly troubles: readonly string[];
  readonly tookMs: number;
  readonly dir: string;
}

const bridgedWithinMs = 60_000;

export interface Order {
  readonly certainty: Certainty;
  readonly homeserver: HomeserverKind;
  readonly kills: number;
  readonly seed: number;
}

/** Kills the bridge `kills` times while people talk, waits for rest, and judges. */
export async function runCertainty(dir: string, order: Order): Promise<Outcome> {
  const beganAtMs = performance.now();
  const site = await makeSite(dir, order);
  const rules = rulesOf(order);
  const towardsNetwork = flight(site, 'remote', rules.towardsNetwork);
  const towardsMatrix = flight(site, 'matrix', rules.towardsMatrix);
  const rounds: Round[] = [];
  const troubles: string[] = [];
  const spoken = new Map<string, Spoken>();
  try {
    await openPortals(site);
    const killing = {
      ...{ site, towardsMatrix, towardsNetwork, chance: new Chance(order.seed) },
      losesQueue: rules.towardsNetwork.mayComeLate,
      isBack: Promise.resolve(),
      mostInFlight,
    };
    for (const talk of await talkAndKill(killing, order, { rounds, troubles })) {
      for (const [text, times] of talk.spoken) spoken.set(text, times);
    }
    troubles.push(...(await comeToRest(site, [towardsNetwork, towardsMatrix])));
  } catch (error) {
    troubles.push(`it could not go on: ${(error as Error).message}`);
  } finally {
    await site.stop();
  }
  const records = { matrix: site.matrix.record(), remote: site.remote.record() };
  const ways = judgeBoth(records, rules, spoken);
  const tookMs = performance.now() - beganAtMs;
  return { certainty: order.certainty, rounds, ways, troubles, dir, tookMs };
}

function flight({ matrix, remote }: Site, to: 'matrix' | 'remote', rules: Rules): Flight {
  const [there, here] = to === 'matrix' ? [matrix, remote] : [remote, matrix];
  return new Flight(
    () => here.record(),
    () => there.record(),
    rules,
  );
}

/** Gives the talks, ended. */
async function talkAndKill(
  killing: Killing,
  order: Order,
  { rounds, troubles }: { rounds: Round[]; troubles: string[] },
): Promise<Talk[]> {
  const { site, chance, towardsMatrix, towardsNetwork } = killing;
  const mayTalk = (to: Flight) => () => to.count() < killing.mostInFlight;
  const common = { chats, chance };
  const talks = [
    new Talk({
      ...{ ...common, side: site.matrix, unsupported: true },
      // The time before what comes late would make other lines of it.
      ...(rulesOf(order).towardsNetwork.mayComeLate ? {} : { lineBytes }),
      mayTalk: mayTalk(towardsNetwork),
    }),
    new Talk({ ...common, side: site.remote, mayTalk: mayTalk(towardsMatrix) }),
  ];
  try {
    troubles.push(...(await killAll(killing, order.kills, rounds)));
    await killing.isBack;
  } finally {
    await Promise.all(talks.map((talk) => talk.end()));
  }
  return talks;
}

/** What is said before the bridge has come for the first time it need not know. */
export async function openPortals(site: Site): Promise<void> {
  await site.bridge.start();
  const until = patient(bridgedWithinMs);
  await until('the bridge to enter its rooms', () => site.matrix.isBridged());
  const as = { person: ownAccount, bot: site.bot, until };
  const withBot = await TalkWithBot.begin(site.matrix, as);
  await withBot.logIn(await site.remote.signUp(ownAccount));
  await site.bridge.stop();
}

/** Kills that found too little under way are made again, but not for ever. */
async function killAll(killing: Killing, kills: number, rounds: Round[]): Promise<string[]> {
  let counted = 0;
  for (let number = 1; counted < kills; number++) {
    if (number > 3 * kills + 5) {
      return [
        `only ${counted} of ${number} kills had ${leastInFlight} messages under way each way`,
      ];
    }
    try {
      const round = await killOnce(killing, number);
      rounds.push(round);
      if (Math.min(round.towardsMatrix, round.towardsNetwork) >= leastInFlight) counted += 1;
    } catch (error) {
      if (!(error instanceof BridgeEnded)) throw error;
      return [`the bridge ended by itself in round ${number}: ${error.message}`];
    }
  }
  return [];
}
