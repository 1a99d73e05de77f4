import type { RemoteEvent, RemoteHint, StateChange } from '#adapter';
import type { Bans } from './bans.ts';
import type { Channel } from './channel.ts';
import type { ModeMeaning } from './channel-modes.ts';
import type { Naming } from './mentions.ts';
import type { OurNicks } from './our-nicks.ts';
import type { Ours, Roster } from './roster.ts';
import type { SplitOff } from './split-off.ts';
import type { Features } from './wire/isupport.ts';
import { maskOf, type Source } from './wire/line.ts';

/** What the bot's connection knows, and where what it hears goes. */
export interface Ear {
  readonly features: Features;
  readonly roster: Roster;
  readonly nicks: OurNicks;
  readonly splitOff: SplitOff;
  /** Absent: bans are the channel's own business. */
  readonly bans: Bans | undefined;
  now(): number;
  channel(name: string): Channel | undefined;
  /** Who can be named in it. */
  naming(channel: Channel): Naming;
  tell(channel: Channel, events: readonly RemoteEvent[], save?: readonly StateChange[]): void;
  hint(hint: RemoteHint): void;
  /** Somebody wants to know who is away. */
  readonly tellsAway: boolean;
  /** Which modes of a channel mean something to its rooms. */
  readonly modeMeanings: Readonly<Record<string, ModeMeaning>>;
  /** Somebody may do more or less in it than before, or others come in or speak there. */
  rightsChanged(channel: Channel): void;
  /** The channel is about something else now. */
  retitled(channel: Channel): void;
  /** The bot itself was put out of a channel. */
  thrownOut(channel: Channel): void;
}

/** Those whose coming was heard are known for sure; of others it is what our connections say now. */
export function whose({ roster, nicks }: Ear, nick: string): Ours | undefined {
  const person = roster.person(nick);
  return person ? person.ours : nicks.now(nick);
}

export function learnMask({ nicks }: Ear, source: Source, ours: Ours): readonly StateChange[] {
  const mask = maskOf(source);
  const change = mask && nicks.seen(ours, source.nick, mask);
  return change ? [change] : [];
}
