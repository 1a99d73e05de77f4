import type { RemoteChatId, RemoteUserId } from '../model/remote-ids.ts';
import type { MatrixActionHandlers } from './matrix-action.ts';
import type { Hint } from './remote-event.ts';

/** A live voice. */
export interface NetworkSession {
  /** Who it is on the network as it opens; `report` tells a change. It gets no ghost. */
  readonly self?: RemoteUserId;
  readonly on: MatrixActionHandlers;
  /** A relay that shows `action.speaker` as the sender. Without it the core puts the name in the text. */
  readonly imitates?: true;
  /** It carries files (`body.media`). Without it a link to each stands in the text, if the bridge can give one. */
  readonly takesFiles?: true;

  /** Comes to be in the chat, before it speaks there; again after each opening. Absent: it need not. */
  join?(chat: RemoteChatId, signal: AbortSignal): Promise<void>;
  leave?(chat: RemoteChatId, signal: AbortSignal): Promise<void>;
  /** The direct chat with somebody, begun if need be. */
  direct?(who: RemoteUserId, signal: AbortSignal): Promise<RemoteChatId>;
  /**
   * What its Matrix user does in passing, in any chat of the network. Forgotten if it cannot be told
   * now, and never an error: nobody waits for it.
   */
  hint?(chat: RemoteChatId, hint: Hint): void;

  /**
   * Its Matrix user is away, with the words for it or none, or back (`undefined`). As little an error as a
   * hint.
   */
  away?(words: string | undefined): void;

  /**
   * Lets go for now, such as when idle. `reason`: an operator's words for it, of any form and length, for
   * those over there where the network shows such a thing.
   */
  close(reason?: string): Promise<void>;
}
