import type { Finding } from '../judge.ts';
import type { Seen } from './channel-log.ts';
import type { RoomLine } from './room-lines.ts';

/** One channel of a run, as its listener and as the room saw it. */
export interface ChannelRun {
  readonly chat: string;
  readonly seen: readonly Seen[];
  readonly room: readonly RoomLine[];
  /** The channel keeps what was said, as long as its server lives. */
  readonly keepsHistory: boolean;
}

export interface HolesFound {
  /** What nobody could bridge: said while nobody listened, up to the bot's coming. */
  readonly excused: ReadonlySet<string>;
  /** How many holes the room was told of. */
  readonly told: number;
  readonly findings: readonly Finding[];
}

/** The room tells seconds. */
const SECOND_MS = 1000;

/**
 * A hole is what is missing up to a coming of the bot, with nothing bridged in between. Where a channel
 * keeps its history its server must have gone besides. Each is told of where it is, once for each coming
 * at most, with times that it lies between.
 */
export function findHoles(run: ChannelRun): HolesFound {
  const there = new Set(run.room.flatMap((line) => (line.is === 'words' ? [line.text] : [])));
  const all = stretches(run, there);
  const excused = new Set(all.flatMap(({ missing }) => missing.map(textOf)));
  const findings = all.flatMap((stretch) => judgeStretch(run, stretch));
  return { excused, told: run.room.filter(({ is }) => is === 'hole').length, findings };
}

type SeenWords = Extract<Seen, { is: 'said' }>;
type ToldHole = Extract<RoomLine, { is: 'hole' }>;

/** From one message that was bridged to the next. */
interface Stretch {
  readonly after: string;
  /** What is not there, before the last coming of the bot. */
  readonly missing: readonly SeenWords[];
  readonly comings: number;
  readonly holes: readonly ToldHole[];
}

function stretches(
  { seen, room, keepsHistory }: ChannelRun,
  there: ReadonlySet<string>,
): Stretch[] {
  const isEnd = (each: Seen): each is SeenWords => each.is === 'said' && there.has(each.text);
  const ends = seen.flatMap((each, at) => (isEnd(each) ? [at] : []));
  return [-1, ...ends].map((from, n): Stretch => {
    const between = seen.slice(from + 1, ends[n] ?? seen.length);
    const isCause = ({ is }: Seen) => is === (keepsHistory ? 'server gone' : 'bot in');
    const last = between.findLastIndex(isCause);
    const first = seen[from];
    const next = seen[ends[n] ?? -1];
    return {
      after: first === undefined ? '' : textOf(first),
      missing: between.slice(0, last + 1).filter((each) => each.is === 'said'),
      comings: between.filter(isCause).length,
      holes: holesBetween(room, first && textOf(first), next && textOf(next)),
    };
  });
}

function holesBetween(room: readonly RoomLine[], after?: string, before?: string): ToldHole[] {
  const place = (text: string) =>
    room.findIndex((line) => line.is === 'words' && line.text === text);
  const from = after === undefined ? 0 : place(after);
  const to = before === undefined ? room.length : place(before);
  return room.slice(from, to).filter((line) => line.is === 'hole');
}

function judgeStretch(
  { chat }: ChannelRun,
  { after, missing, comings, holes }: Stretch,
): Finding[] {
  const where = `in ${chat} after "${after}"`;
  const untold = missing.filter((each) => !holes.some((hole) => isIn(hole, each)));
  const silent = untold.map(({ text }): Finding => {
    const why = `${where}, and no hole was told of that it lies in`;
    return { fault: 'lost', text, why };
  });
  if (holes.length <= comings) return silent;
  const why = `${holes.length} holes ${where}, where ${comings} could be`;
  return [...silent, { fault: 'told wrongly', text: after, why }];
}

function isIn({ sinceMs, untilMs }: ToldHole, { atMs }: SeenWords): boolean {
  const at = performance.timeOrigin + atMs;
  return at > sinceMs - SECOND_MS && at < untilMs + 2 * SECOND_MS;
}

const textOf = (seen: Seen): string => (seen.is === 'said' ? seen.text : '');
