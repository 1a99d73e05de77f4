import type { RemoteEvent, RemoteEventKind } from '../../adapter/remote-event.ts';
import type { Write } from '../../ports/journal.ts';
import { edit } from './edit.ts';
import { hole } from './hole.ts';
import { member } from './member.ts';
import { message } from './message.ts';
import { reaction } from './reaction.ts';
import { removal } from './removal.ts';
import { security } from './security.ts';
import { title } from './title.ts';
import type { RemoteHandler, RemoteWork } from './work.ts';

/** Exactly one handler per kind: a new kind does not compile until it has one. */
type RemoteHandlers = { readonly [K in RemoteEventKind]: RemoteHandler<K> };

const handlers: RemoteHandlers = {
  ...{ message, edit, removal, reaction, member, title, security, hole },
};

/** Calls the handler for the event's kind. The `K` ties event and handler together without a cast. */
export function fromRemote<K extends RemoteEventKind>(
  event: RemoteEvent<K>,
  work: RemoteWork,
): Promise<readonly Write[]> {
  const handler: RemoteHandler<K> = handlers[event.kind];
  return handler(event, work);
}
