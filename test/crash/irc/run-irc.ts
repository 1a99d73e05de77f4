import { prefix } from '../../live/support/bridge.ts';
import { Chance } from '../chance.ts';
import { Flight } from '../flight.ts';
import { isQuiet } from '../rest.ts';
import type { Side } from '../side.ts';
import { Talk } from '../talk.ts';
import { patient } from '../until.ts';
import type { Way } from '../ways.ts';
import { judgeIrc } from './judge-irc.ts';
import { onlyWords } from './only-words.ts';
import type { IrcKind } from './options.ts';
import { roomLines } from './room-lines.ts';
import { type IrcKilling, type IrcRound, killOnce } from './rounds.ts';
import { type IrcSite, makeIrcSite } from './site.ts';

/** What came of all the kills beside one server. */
export interface IrcOutcome {
  readonly server: IrcKind;
  readonly rounds: readonly IrcRound[];
  readonly ways: readonly Way[];
  /** How many holes the rooms were told of, and how many messages lie in them. */
  readonly holes: { readonly told: number; readonly messages: number };
  /** What is no fault of a message: the bridge ended, or never came to rest. */
  readonly troubles: readonly string[];
  readonly tookMs: number;
  readonly dir: string;
}

/** Nobody says more while that many are under way. */
const mostInFlight = 40;
const bridgedWithinMs = 60_000;
/** Nothing that is not known to be there or not may be left out of what is judged. */
const rules = { mayStayUnknown: true, hidesRemoved: true, mayComeLate: false };

export async function runIrc(
  dir: string,
  { server, kills, seed }: { server: IrcKind; kills: number; seed: number },
): Promise<IrcOutcome> {
  const beganAtMs = performance.now();
  const site = await makeIrcSite(dir, server);
  const killing = killingOf(site, seed);
  const rounds: IrcRound[] = [];
  const troubles: string[] = [];
  let talks: readonly Talk[] = [];
  try {
    await openPortals(site);
    talks = startTalks(killing);
    for (let number = 1; number <= kills; number++) rounds.push(await killOnce(killing, number));
    if (!site.network.isRunning) await site.network.start().then(() => site.irc.comeBack());
    await Promise.all(talks.map((talk) => talk.end()));
    troubles.push(...(await comeToRest(killing)));
  } catch (error) {
    troubles.push(`it could not go on: ${(error as Error).stack}`);
  } finally {
    await site.stop();
    await Promise.all(talks.map((talk) => talk.end()));
  }
  const { matrix, irc, events } = site;
  const judged = judgeIrc({
    ...{ matrix: matrix.record(), irc: irc.record(), inDoubt: killing.inDoubt },
    rooms: roomLines(events.read(), matrix.rooms, prefix),
    ...{ spoken: talks.map((talk) => talk.spoken), server },
  });
  return { server, rounds, ...judged, troubles, dir, tookMs: performance.now() - beganAtMs };
}

function killingOf(site: IrcSite, seed: number): IrcKilling {
  const { matrix, irc } = site;
  const towardsNetwork = new Flight(
    () => matrix.record(),
    () => irc.record(),
    rules,
  );
  const isThere = arrivalsIn(matrix);
  const towardsMatrix = () =>
    irc.chats.reduce((sum, chat) => sum + irc.record().behind(chat, isThere), 0);
  return { site, chance: new Chance(seed), towardsNetwork, towardsMatrix, inDoubt: new Set() };
}

/** Whether something has arrived there by now. */
function arrivalsIn(side: Side): (text: string) => boolean {
  const there = new Set<string>();
  let read = 0;
  return (text) => {
    const { arrived } = side.record();
    for (const each of arrived.slice(read)) there.add(each.text);
    read = arrived.length;
    return there.has(text);
  };
}

function startTalks({ site, chance, towardsMatrix, towardsNetwork }: IrcKilling): readonly Talk[] {
  const { matrix, irc } = site;
  const common = { chats: irc.chats, chance };
  return [
    new Talk({
      ...{ ...common, side: onlyWords(matrix) },
      mayTalk: () => towardsNetwork.count() < mostInFlight,
    }),
    new Talk({ ...common, side: irc, mayTalk: () => towardsMatrix() < mostInFlight }),
  ];
}

/** What is said before the bridge has come for the first time it need not know. */
async function openPortals({ bridge, matrix, irc }: IrcSite): Promise<void> {
  const sinceMs = performance.now();
  await bridge.start();
  const until = patient(bridgedWithinMs);
  await until('the bridge to enter its rooms', () => matrix.isBridged());
  await until('the bot', () => irc.record().botInSince(sinceMs, irc.chats) !== undefined);
  await bridge.stop();
}

/** All that is under way has to arrive, and once more from a fresh start, where nothing may come again. */
async function comeToRest({ site, towardsMatrix, towardsNetwork }: IrcKilling): Promise<string[]> {
  const { bridge, matrix, irc, queue } = site;
  const troubles: string[] = [];
  const flights = [{ count: towardsMatrix }, towardsNetwork];
  for (const when of ['after the kills', 'after a restart']) {
    await bridge.start();
    const isCalm = await isQuiet({ matrix, remote: irc, queue }, flights);
    if (!isCalm) troubles.push(`${when} it did not come to rest`);
    await bridge.stop().catch((error: Error) => troubles.push(error.message));
  }
  return troubles;
}
