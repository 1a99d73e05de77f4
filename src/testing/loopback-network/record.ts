/** What the network makes of the key that a client gives to a message. */
export type Certainty = 'drops-repeats' | 'echoes' | 'look-up' | 'nothing';

export const certainties: readonly Certainty[] = ['drops-repeats', 'echoes', 'look-up', 'nothing'];

/** Who did it: an account; and if it was not in a person's own hands, the bot that acted for it. */
interface Done {
  readonly sender: string;
  readonly via?: string;
  /** The bot's own name for whom it acted for. */
  readonly ref?: string;
}

/** The name and picture that a bot borrows for one message. */
export interface Guise {
  readonly name: string;
  readonly avatar?: string;
}

export interface Words {
  readonly text: string;
  readonly html?: string;
  readonly style?: 'emote' | 'notice';
}

/** How somebody stands to a group. Absent: they are no member. */
export type Membership = 'in' | 'out' | 'invited' | 'banned';

/** What becomes of it. Unbanned, they are no member. */
export type MembershipChange = Membership | 'unbanned';

/** What a line of the log says, besides its number and time. */
export type Fact =
  | {
      readonly type: 'account';
      readonly id: string;
      readonly kind: 'person' | 'enlisted' | 'bot';
      readonly displayName: string;
    }
  | { readonly type: 'account-gone'; readonly id: string }
  | {
      readonly type: 'token';
      readonly account: string;
      readonly token: string;
      /** A bot's: which, and for whom by its own name. */
      readonly via?: string;
      readonly ref?: string;
    }
  | { readonly type: 'token-gone'; readonly token: string }
  | {
      readonly type: 'profile';
      readonly user: string;
      readonly displayName: string;
      readonly via?: string;
      readonly ref?: string;
    }
  | {
      readonly type: 'chat';
      readonly chat: string;
      readonly kind: 'group' | 'direct';
      readonly name?: string;
      readonly topic?: string;
      /** Of a private chat: both, for good. */
      readonly members?: readonly string[];
      /** Absent: it began with somebody's joining it. */
      readonly sender?: string;
      readonly via?: string;
      readonly ref?: string;
    }
  | (Done & {
      readonly type: 'member';
      readonly chat: string;
      readonly who: string;
      readonly is: MembershipChange;
      readonly reason?: string;
      readonly key?: string;
    })
  | (Done &
      Words & {
        readonly type: 'message';
        readonly chat: string;
        readonly id: string;
        readonly guise?: Guise;
        readonly replyTo?: string;
        readonly key?: string;
      })
  | (Done & Words & { readonly type: 'edit'; readonly chat: string; readonly target: string })
  | (Done & { readonly type: 'removal'; readonly chat: string; readonly target: string })
  | (Done & {
      readonly type: 'reaction';
      readonly chat: string;
      readonly target: string;
      readonly emoji: string;
      readonly removed: boolean;
      readonly guise?: Guise;
    });

/** A line of the log: the order of everything that was ever accepted. */
export type LogEntry = Fact & { readonly seq: number; readonly atMs: number };
export type LogEntryOf<T extends Fact['type']> = Extract<LogEntry, { readonly type: T }>;
