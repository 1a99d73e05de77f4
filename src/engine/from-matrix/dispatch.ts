import type { MatrixEvent, MatrixEventKind } from '../../ports/matrix.ts';
import { type Deed, type DeedWork, type MatrixHandler, nothing } from './deed.ts';
import { edit } from './edit.ts';
import { member } from './member.ts';
import { message } from './message.ts';
import { power } from './power.ts';
import { reaction } from './reaction.ts';
import { redaction } from './redaction.ts';
import { title } from './title.ts';

/** Exactly one handler per kind: a new kind does not compile until it has one. */
type MatrixHandlers = { readonly [K in MatrixEventKind]: MatrixHandler<K> };

const handlers: MatrixHandlers = {
  message,
  edit,
  redaction,
  reaction,
  member,
  title,
  power,
  unsupported: ({ what }) => ({ kind: 'refuse', code: 'unsupported', reason: what }),
  // What follows is dealt with in the room's lane and asks nothing of a network.
  'encryption-on': () => nothing,
  encrypted: () => nothing,
  tombstone: () => nothing,
  policy: () => nothing,
  ignored: () => nothing,
};

/** What a Matrix event asks of the network of a portal. */
export async function fromMatrix<K extends MatrixEventKind>(
  event: MatrixEvent<K>,
  work: DeedWork,
): Promise<Deed> {
  const handler: MatrixHandler<K> = handlers[event.kind];
  return handler(event, work);
}
