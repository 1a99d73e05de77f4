import type { MatrixAction } from '../../adapter/matrix-action.ts';
import type { Speaker } from '../../adapter/voice.ts';
import type { MessageBody } from '../../model/message-body.ts';
import type { MessageLink } from '../../model/message-link.ts';
import type { Portal } from '../../model/portal.ts';
import type { RemoteMessageId } from '../../model/remote-ids.ts';
import type { MatrixEvent, MatrixEventKind } from '../../ports/matrix.ts';
import type { Context } from '../context.ts';
import type { ReasonCode } from '../tell.ts';

/** What a Matrix event asks of one network. */
export type Deed =
  | {
      readonly kind: 'act';
      readonly action: MatrixAction;
      /** Said instead where the network has no handler for the action. Absent: it is refused then. */
      readonly otherwise?: MessageBody;
      /** What the event is linked to, once it is done. Absent: to the ids that `send` gave. */
      readonly linkAs?: (ids: readonly RemoteMessageId[]) => readonly RemoteMessageId[];
    }
  /** A Matrix user came into the room, or left it: so does their voice over there. */
  | { readonly kind: 'presence'; readonly is: 'in' | 'out' }
  /** There is nothing to do over there. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refuse'; readonly code: ReasonCode; readonly reason: string };

/** What a handler may look at. It changes nothing. */
export interface DeedWork {
  readonly context: Context;
  readonly portal: Portal;
  readonly speaker: Speaker;
}

/** Understands one kind of Matrix event for one portal. */
export type MatrixHandler<K extends MatrixEventKind> = (
  event: MatrixEvent<K>,
  work: DeedWork,
) => Promise<Deed> | Deed;

export const nothing: Deed = { kind: 'nothing' };

/** What the sender's own earlier event has become over there: only they may change it. */
export async function ownLinks(
  { context, portal }: DeedWork,
  event: MatrixEvent<'edit'>,
): Promise<readonly MessageLink[]> {
  const links = await context.storage.links.ofEvent(portal.id, event.target);
  return links.filter(({ sender }) => sender === event.sender);
}
