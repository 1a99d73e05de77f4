import { setTimeout as delay } from 'node:timers/promises';
import { startInspircd } from '../../test/live/servers/irc.ts';
import { provide } from '../../test/live/servers/provision.ts';
import { IrcPerson } from '../../test/live/support/irc-person.ts';
import { quantiles, SHARES } from '../measure/quantiles.ts';
import { Crew } from './crew.ts';
import { nowMs } from './orders.ts';

/**
 * Three hundred Matrix users with a nick of their own and three hundred channels on a real InspIRCd: how
 * long until all are in, what each weighs, and how long a message takes meanwhile, and beside a long paste.
 */
const VOICES = 300;
const CHANNELS = 300;
/** Weighed before the others come, so that what all share does not count. */
const FIRST = 20;
const PASTE_LINES = 40;
const EVERY_MS = 25;
const PATIENCE_MS = 5_000;
const REST_MS = 15_000;

const channel = (n: number) => `#c${n % CHANNELS}`;
const name = (n: number) => `user${n}`;
const saidAt = new Map<string, number>();
let tookMs: number[] = [];

function arrived(text: string, atMs: number): void {
  const said = saidAt.get(text);
  if (said === undefined) return;
  saidAt.delete(text);
  tookMs.push(atMs - said);
}

/** Somebody on IRC speaks at an even rate until the work is done. @returns how long each took to the core. */
async function talking(person: IrcPerson, work: () => Promise<unknown>) {
  tookMs = [];
  let isOver = false;
  const done = work().finally(() => {
    isOver = true;
  });
  for (let n = 0; !isOver; n++) {
    const text = `${nowMs()} ${n}`;
    saidAt.set(text, nowMs());
    person.say(channel(0), text);
    await delay(EVERY_MS);
  }
  await done;
  for (const until = nowMs() + PATIENCE_MS; saidAt.size > 0 && nowMs() < until; ) await delay(5);
  return tookMs;
}

const print = (text: string) => void process.stdout.write(`${text}\n`);
const at = (curve: readonly number[], share: number) => curve[SHARES.indexOf(share)] ?? Number.NaN;

function tell(what: string, all: readonly number[], missing = saidAt.size): void {
  const curve = quantiles(all);
  const [p50, p99] = [at(curve, 0.5).toFixed(1), at(curve, 0.99).toFixed(1)];
  print(`${what}: p50 ${p50} ms, p99 ${p99} ms, of ${all.length}, ${missing} missing`);
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const from = nowMs();
  await work();
  print(`${what}: ${((nowMs() - from) / 1000).toFixed(2)} s`);
}

/** How long one line of each of these takes until the server has confirmed it. */
async function lineTimes(crew: Crew, voices: readonly number[]): Promise<readonly number[]> {
  return Promise.all(
    voices.map(async (n) => {
      await delay((n % 100) * 10);
      const from = nowMs();
      await crew.order({ do: 'say', name: name(n), channel: channel(n), lines: [`hello ${n}`] });
      return nowMs() - from;
    }),
  );
}

async function measure(crew: Crew, port: number): Promise<void> {
  const person = await IrcPerson.enter(port, 'person');
  await person.join(channel(0));
  await crew.order({ do: 'open', port });
  const channels = Array.from({ length: CHANNELS }, (_, n) => channel(n));
  await timed(`the bot is in ${CHANNELS} channels`, () => crew.order({ do: 'watch', channels }));
  const enlist = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, n) =>
        crew.order({ do: 'enlist', name: name(from + n), channel: channel(from + n) }),
      ),
    );
  await enlist(0, FIRST);
  const before = await crew.order({ do: 'weigh' });
  const heard = await talking(person, () =>
    timed(`${VOICES - FIRST} more voices are in their channels`, () => enlist(FIRST, VOICES)),
  );
  tell('a message from IRC meanwhile', heard);
  const after = await crew.order({ do: 'weigh' });
  print(`a voice weighs ${Math.round((after - before) / (VOICES - FIRST) / 1024)} KiB`);

  // Each has just joined, which counts against its pace.
  await delay(REST_MS);
  const others = Array.from({ length: 200 }, (_, n) => n + 50);
  tell('a line to IRC, nobody pasting', await lineTimes(crew, others), 0);
  const lines = Array.from({ length: PASTE_LINES }, (_, n) => `paste ${n}`);
  const paste = crew.order({ do: 'say', name: name(1), channel: channel(1), lines });
  tell(`a line to IRC, beside a paste of ${PASTE_LINES}`, await lineTimes(crew, others), 0);
  await timed('the rest of the paste', () => paste);
  await person.quit();
  await crew.order({ do: 'close' });
}

const part = await provide('inspircd');
if (!('root' in part)) throw new Error(`InspIRCd is missing: ${part.missing}`);
const server = await startInspircd({ root: part.root, history: true });
const crew = new Crew(arrived);
try {
  await measure(crew, server.port);
} finally {
  await crew.end();
  await server.stop();
}
