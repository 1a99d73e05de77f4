/** One thing that somebody said. Its text is in no other thing, on either side. */
export interface Said {
  readonly text: string;
  /** `unsupported`: nothing that the other side knows. Its sender is told, once. */
  readonly what: 'message' | 'edit' | 'reaction' | 'removal' | 'unsupported';
  readonly chat: string;
  readonly sender: string;
  /** The text of what is edited, reacted to or taken back: a message, or of a removal also a reaction. */
  readonly of?: string;
  /** When it was handed to its own side, and when that side answered. Absent: it never answered. */
  readonly sentAtMs?: number;
  readonly confirmedAtMs?: number;
}

/** One thing that the bridge put into a chat for somebody. */
export interface Arrived extends Omit<Said, 'sentAtMs' | 'confirmedAtMs'> {
  /** It says when it was said, as it comes after what is newer. */
  readonly isLate?: true;
}

/** A removal has no words of its own; nothing is taken back twice. */
export const removalOf = (text: string): string => `removal of ${text}`;

/** What the bridge told a sender about one thing that they said. */
export type Outcome = 'unknown' | 'failed';

/** One direction of one run. Both lists are in the order of their side's log. */
export interface Crossing {
  readonly said: readonly Said[];
  readonly arrived: readonly Arrived[];
  readonly told: ReadonlyMap<string, Outcome>;
  /** What senders were told of more than once, each time in a notice of its own. */
  readonly toldTwice: ReadonlySet<string>;
  /** Whether the outcome of a message may stay unknown, if its sender is told. */
  readonly mayStayUnknown: boolean;
  /** Messages of the other direction that are unknown, so that a reaction to them finds nothing. */
  readonly unlinked: ReadonlySet<string>;
  /** Whether what was taken back before the bridge heard of it comes to it without its words. */
  readonly hidesRemoved: boolean;
  /** Whether the homeserver forgets what it had not pushed, so that it is found once newer things were. */
  readonly mayComeLate: boolean;
}

/** What is known of a crossing, by which something need not have arrived. */
export type Grounds = Pick<Crossing, 'told' | 'mayStayUnknown' | 'unlinked' | 'hidesRemoved'> & {
  /** What its sender took back. */
  readonly removed: ReadonlySet<string>;
  isThere(text: string): boolean;
};

/** Whether it is no fault that something has not arrived. */
export function mayBeMissing({ text, what, of = '' }: Said, grounds: Grounds): boolean {
  const { mayStayUnknown, told, hidesRemoved, removed, unlinked, isThere } = grounds;
  const isUnknown = (message: string) => mayStayUnknown && told.get(message) === 'unknown';
  if (what === 'unsupported') return told.get(text) === 'failed';
  if (isUnknown(text)) return true;
  // What may not be there nobody can react to, nor take back: whoever does is told.
  if (what !== 'edit' && isUnknown(of) && told.has(text)) return true;
  if (what === 'removal') return !isThere(of);
  if (hidesRemoved && (removed.has(text) || removed.has(of))) return true;
  return what === 'reaction' && unlinked.has(of);
}

export const takenBack = (said: readonly Said[]): ReadonlySet<string> =>
  new Set(said.flatMap(({ what, of }) => (what === 'removal' && of !== undefined ? [of] : [])));
