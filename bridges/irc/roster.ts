import type { VoiceId } from '#adapter';

/** Whose nick it is, where it is one of ours. Without a voice: the bot's. */
export interface Ours {
  readonly voice?: VoiceId;
}

/** Somebody in a channel that the bot is in. */
export interface Person {
  /** As they write it. */
  readonly nick: string;
  /** `user@host`. */
  readonly mask?: string | undefined;
  readonly ours?: Ours | undefined;
}

interface Present extends Person {
  /** With the letters of what they are in each: `o` for an operator. */
  readonly channels: ReadonlyMap<string, string>;
}

/** Who is in which channel, as one connection has heard it. Names are compared as `fold` says. */
export class Roster {
  private readonly people = new Map<string, Present>();
  private readonly fold: (name: string) => string;

  constructor(fold: (name: string) => string) {
    this.fold = fold;
  }

  person(nick: string): Person | undefined {
    return this.people.get(this.fold(nick));
  }

  isIn(channel: string, nick: string): boolean {
    return this.people.get(this.fold(nick))?.channels.has(this.fold(channel)) ?? false;
  }

  /** @param rank what they are in it, where it is told. False: they were in it already. */
  enter(channel: string, { nick, mask, ours }: Person, rank?: string): boolean {
    const known = this.people.get(this.fold(nick));
    const before = known?.channels.get(this.fold(channel));
    const channels = new Map(known?.channels).set(this.fold(channel), rank ?? before ?? '');
    const whose = ours ?? known?.ours;
    this.people.set(this.fold(nick), { nick, mask: mask ?? known?.mask, ours: whose, channels });
    return channels.size !== known?.channels.size;
  }

  /** False: they were not in it. */
  leave(channel: string, nick: string): boolean {
    const known = this.people.get(this.fold(nick));
    const channels = new Map(known?.channels);
    if (!known || !channels.delete(this.fold(channel))) return false;
    if (channels.size > 0) this.people.set(this.fold(nick), { ...known, channels });
    else this.people.delete(this.fold(nick));
    return true;
  }

  /** Leaves them all, and gives back which those were. */
  quit(nick: string): readonly string[] {
    const channels = this.channelsOf(nick);
    this.people.delete(this.fold(nick));
    return channels;
  }

  channelsOf(nick: string): readonly string[] {
    return [...(this.people.get(this.fold(nick))?.channels.keys() ?? [])];
  }

  /** Gives back the channels that they are in. */
  rename(from: string, to: string): readonly string[] {
    const known = this.people.get(this.fold(from));
    if (!known) return [];
    this.people.delete(this.fold(from));
    this.people.set(this.fold(to), { ...known, nick: to });
    return [...known.channels.keys()];
  }

  /** The letters of what somebody is in a channel. */
  rank(channel: string, nick: string): string {
    return this.people.get(this.fold(nick))?.channels.get(this.fold(channel)) ?? '';
  }

  /** They become something in it, or are it no longer. */
  setRank(
    channel: string,
    nick: string,
    { letter, isSet }: { letter: string; isSet: boolean },
  ): void {
    const known = this.people.get(this.fold(nick));
    const before = known?.channels.get(this.fold(channel));
    if (!known || before === undefined) return;
    const rank = before.replaceAll(letter, '') + (isSet ? letter : '');
    const channels = new Map(known.channels).set(this.fold(channel), rank);
    this.people.set(this.fold(nick), { ...known, channels });
  }

  mask(nick: string, mask: string): void {
    const known = this.people.get(this.fold(nick));
    if (known) this.people.set(this.fold(nick), { ...known, mask });
  }

  members(channel: string): readonly Person[] {
    const folded = this.fold(channel);
    return [...this.people.values()].filter(({ channels }) => channels.has(folded));
  }

  /** Nobody is known to be in it any more. */
  empty(channel: string): void {
    for (const { nick } of this.members(channel)) this.leave(channel, nick);
  }
}
