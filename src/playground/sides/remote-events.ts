import type { LoopbackLogEntry, LoopbackLogEntryOf } from '../../testing/loopback-network/index.ts';
import type { Person } from './board.ts';
import type { ChatChange } from './chat-log.ts';

/** An account of the network, as its log has it so far. */
export interface Account {
  readonly kind: 'person' | 'enlisted' | 'bot';
  readonly name: string;
}

/** What a line of the network's log means for the page. Pure, but for the accounts it is told of. */
export function toChanges(
  entry: LoopbackLogEntry,
  accounts: ReadonlyMap<string, Account>,
): readonly ChatChange[] {
  switch (entry.type) {
    case 'message':
      return [said(entry, accounts)];
    case 'edit':
      return [{ kind: 'edited', target: entry.target, text: entry.text }];
    case 'removal':
      return [{ kind: 'removed', target: entry.target }];
    case 'reaction': {
      const { target, emoji, removed } = entry;
      return [{ kind: 'reacted', target, emoji, removed, by: speakerOf(entry) }];
    }
    default:
      return [];
  }
}

/** Who said it: somebody that the bot only speaks for has no account, so the name must do. */
export function speakerOf({
  sender,
  guise,
}: Pick<LoopbackLogEntryOf<'message'>, 'sender' | 'guise'>): string {
  return guise === undefined ? sender : `guise:${guise.name}`;
}

/** Where somebody really is: those whom a bot took out or speaks for are on the other side. */
export function homeOf({ kind }: Account): Person['home'] {
  return ({ person: 'remote', enlisted: 'matrix', bot: 'bridge' } as const)[kind];
}

function said(
  entry: LoopbackLogEntryOf<'message'>,
  accounts: ReadonlyMap<string, Account>,
): ChatChange {
  const { id, text, atMs, style, replyTo } = entry;
  return {
    kind: 'said',
    ...{ id, text, atMs },
    sender: speakerOf(entry),
    bridged: accounts.get(entry.sender)?.kind !== 'person',
    ...(style !== undefined && { as: style }),
    ...(replyTo !== undefined && { replyTo }),
  };
}
