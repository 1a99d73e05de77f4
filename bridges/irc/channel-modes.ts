import type { ChatInfo, VoiceId } from '#adapter';
import type { ModeChange } from './modes.ts';

/** What a mode of a channel means to a room. */
export type ModeMeaning = 'invitation' | 'moderated' | 'hidden';

/** The modes of a channel that mean something to its rooms, as far as the server has told. */
export class ChannelModes {
  private letters: Set<string> | undefined;

  /** It is joined anew. */
  begin(): void {
    this.letters = undefined;
  }

  /** All that it has. */
  told(changes: readonly ModeChange[]): void {
    this.letters = new Set();
    for (const change of changes) this.change(change);
  }

  /** Before all was told it is not known either what has changed. */
  change({ letter, isSet }: ModeChange): void {
    if (isSet) this.letters?.add(letter);
    else this.letters?.delete(letter);
  }

  /** Whether one of its modes means this. `undefined`: not known yet. */
  mean(what: ModeMeaning, meanings: Readonly<Record<string, ModeMeaning>>): boolean | undefined {
    return this.letters && [...this.letters].some((letter) => meanings[letter] === what);
  }
}

interface Known {
  readonly meanings: Readonly<Record<string, ModeMeaning>>;
  /** The power of each letter. */
  readonly levels: Readonly<Record<string, number>>;
  /** Who of ours has some of these letters. */
  readonly speakers: readonly VoiceId[];
}

/** Who comes in and speaks. `undefined`: not known yet, or nobody wants to know. */
export function accessOf(
  modes: ChannelModes,
  { meanings, levels, speakers }: Known,
): ChatInfo['access'] {
  const isByInvitation = modes.mean('invitation', meanings);
  if (isByInvitation === undefined) return undefined;
  const powers = Object.values(levels).filter((power) => power > 0);
  const isModerated = modes.mean('moderated', meanings) && powers.length > 0;
  return {
    isByInvitation,
    ...(modes.mean('hidden', meanings) && { isHidden: true }),
    ...(isModerated && { speakers }),
    speakingPower: Math.min(...powers, 100),
  };
}
