import type { AdapterState, StateChange, VoiceId } from '#adapter';
import type { Ours } from './roster.ts';

/** A nick that a voice of ours had, and how others saw it: what stands in a channel's history. */
interface Worn {
  readonly nick: string;
  readonly mask?: string;
}

/** A nick that a voice had before its connection was cut, and no longer has. */
export interface Former {
  nick: string | undefined;
}

const PREFIX = 'nicks/';
const BOT = '';
/** Enough for what a channel's history reaches back to. */
const REMEMBERED = 8;

/**
 * Which nicks are ours. On disk before the first word is said under one, as after a crash the words
 * must still be known as ours.
 */
export class OurNicks {
  private readonly state: AdapterState;
  private readonly worn = new Map<string, readonly Worn[]>();
  private readonly live = new Map<string, Ours>();
  /** How the server compares names; known from the first connection on. */
  fold: (name: string) => string = (name) => name;

  constructor(state: AdapterState) {
    this.state = state;
  }

  async load(): Promise<void> {
    for await (const [key, value] of this.state.list(PREFIX)) {
      const rows: readonly Worn[] = JSON.parse(Buffer.from(value).toString());
      this.worn.set(key.slice(PREFIX.length), rows);
    }
  }

  /** The nick that was worn last, by a voice or the bot. */
  last(ours: Ours): string | undefined {
    return this.worn.get(ownerOf(ours))?.[0]?.nick;
  }

  /** From now on it is ours. Resolves once that is on disk. */
  async take(ours: Ours, nick: string): Promise<void> {
    this.live.set(this.fold(nick), ours);
    const change = this.wear(ours, { nick });
    if (change) await this.state.save([change]);
  }

  /** The connection that had it is gone. */
  release(nick: string): void {
    this.live.delete(this.fold(nick));
  }

  /** How others see a nick of ours: for the next commit. `undefined`: that was known. */
  seen(ours: Ours, nick: string, mask: string): StateChange | undefined {
    return this.wear(ours, { nick, mask });
  }

  /** Whether one of our connections has this nick now. */
  now(nick: string): Ours | undefined {
    return this.live.get(this.fold(nick));
  }

  /** Whether a line that was said some time ago was ours. */
  once(nick: string, mask: string | undefined): Ours | undefined {
    for (const [owner, rows] of this.worn)
      for (const row of rows)
        if (this.fold(row.nick) === this.fold(nick) && (!row.mask || !mask || row.mask === mask))
          return owner === BOT ? {} : { voice: owner as VoiceId };
    return undefined;
  }

  async forget(voice: VoiceId): Promise<void> {
    if (this.worn.delete(voice)) await this.state.save([this.state.change(PREFIX + voice, null)]);
  }

  private wear(ours: Ours, { nick, mask }: Worn): StateChange | undefined {
    const owner = ownerOf(ours);
    const rows = this.worn.get(owner) ?? [];
    const same = rows.find((row) => row.nick === nick && (!mask || !row.mask || row.mask === mask));
    if (same && same === rows[0] && (!mask || same.mask === mask)) return undefined;
    const row: Worn = { nick, ...((mask ?? same?.mask) && { mask: mask ?? same?.mask }) } as Worn;
    const next = [row, ...rows.filter((other) => other !== same)].slice(0, REMEMBERED);
    this.worn.set(owner, next);
    return this.state.change(PREFIX + owner, Buffer.from(JSON.stringify(next)));
  }
}

const ownerOf = ({ voice }: Ours): string => voice ?? BOT;
