import type { RemoteEvent, RemoteEventKind } from '../../adapter/remote-event.ts';
import type { MatrixEventId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { MessageLink } from '../../model/message-link.ts';
import type { Portal } from '../../model/portal.ts';
import type { RemoteMessageId, RemoteUserId } from '../../model/remote-ids.ts';
import type { RemoteDelivery, Write } from '../../ports/journal.ts';
import { type MatrixContent, MatrixError } from '../../ports/matrix.ts';
import type { Context } from '../context.ts';
import type { Files } from '../files.ts';
import type { Ghosts } from '../ghosts.ts';
import type { JoinRules } from '../join-rules.ts';
import type { Found } from '../settle.ts';
import type { Voices } from '../voices.ts';
import { MustWait, moving } from './must-wait.ts';

/** One remote event on its way into one room. */
export interface RemoteWork {
  readonly context: Context;
  readonly ghosts: Ghosts;
  readonly voices: Voices;
  readonly rules: JoinRules;
  readonly files: Files;
  readonly portal: Portal;
  readonly delivery: RemoteDelivery;
  /** What a look into the room found there of ours. Empty when nothing was in doubt. */
  readonly found: Found;
}

/**
 * Brings one kind of remote event into the portal's room.
 *
 * May be called again for the same event after a crash or a failure, and does the rest then.
 * Rejects with `MatrixError` or `MustWait`. @returns what is to be written in the commit that ends the delivery.
 */
export type RemoteHandler<K extends RemoteEventKind> = (
  event: RemoteEvent<K>,
  work: RemoteWork,
) => Promise<readonly Write[]>;

/** What is sent to a network takes about so long. */
const LINKED_SOON_MS = 100;
const NOT_LINKED_YET = 'What it is about may not be linked yet';

/** Nothing is said to be late that came within this. */
const LATE_MS = 10_000;

/** The same in every attempt at this event, and in no other event. */
export function markerOf({ context, portal, delivery }: RemoteWork, part: number): string {
  const { event, seq, network } = delivery;
  const about = 'id' in event ? event.id : 'target' in event ? event.target : undefined;
  const sender = 'sender' in event ? event.sender : undefined;
  return context.keys.marker(
    network,
    portal.id,
    seq,
    event.kind,
    sender ?? '',
    about ?? '',
    event.key ?? '',
    part,
  );
}

/** Says something as somebody's ghost, once: what is there already is not said again. Nor is it made, where that takes work. */
export async function sayAs(
  work: RemoteWork,
  sender: RemoteUserId,
  content: () => MatrixContent | Promise<MatrixContent>,
  part = 0,
): Promise<{ readonly eventId: MatrixEventId; readonly ghost: MatrixUserId }> {
  const { context, portal, delivery, found } = work;
  const marker = markerOf(work, part);
  const ghost = context.names.ghost(portal.network, sender);
  const there = found.by(ghost, marker);
  if (there !== undefined) return { eventId: there, ghost };
  const made = await content();
  const { sentAtMs } = delivery.event;
  const isLate = sentAtMs > 0 && delivery.receivedAtMs - sentAtMs > LATE_MS;
  return inRoomAs(work, sender, async (as) => ({
    ghost: as,
    eventId: await context.matrix.send({
      roomId: portal.roomId,
      as,
      content: made,
      txnId: marker,
      mark: { marker, portal: portal.id },
      ...(isLate && { sentAtMs }),
    }),
  }));
}

/**
 * Does something as a ghost that is in the room. Whoever was let speak over there may speak in a room that the
 * bridge made, also where the room has heard since that it takes power. One that was put out unseen is brought
 * back, once.
 */
export async function inRoomAs<T>(
  { context: { matrix }, ghosts, portal }: RemoteWork,
  sender: RemoteUserId,
  act: (ghost: MatrixUserId) => Promise<T>,
): Promise<T> {
  const comes = () => moving(ghosts.inRoom(portal.network, sender, portal.roomId));
  const ghost = await comes();
  const done =
    (await unlessForbidden(() => act(ghost))) ??
    (portal.ownsRoom && (await matrix.letSpeak(portal.roomId, ghost))
      ? await unlessForbidden(() => act(ghost))
      : undefined);
  if (done) return done.value;
  await ghosts.notIn(ghost, portal.roomId);
  return act(await comes());
}

/** `undefined`: it may not. */
async function unlessForbidden<T>(
  act: () => Promise<T>,
): Promise<{ readonly value: T } | undefined> {
  try {
    return { value: await act() };
  } catch (error) {
    if (error instanceof MatrixError && error.kind === 'refused' && error.status === 403)
      return undefined;
    throw error;
  }
}

/** The link that says what a remote message has become. */
export const linkWrite = (
  { portal }: RemoteWork,
  remoteId: RemoteMessageId,
  said: { readonly eventId: MatrixEventId; readonly ghost: MatrixUserId },
  part = 0,
): Write => ({
  kind: 'link',
  link: {
    portal: portal.id,
    eventId: said.eventId,
    remoteId,
    part,
    saidBy: 'remote',
    sender: said.ghost,
  },
});

/**
 * What a remote message that something is about is linked to in this room. What was said here and is only
 * just getting there may be answered before all of it is sent, which is when it is linked.
 *
 * @throws {MustWait} meanwhile.
 */
export async function linksOfTarget(
  { context, portal, delivery }: RemoteWork,
  target: RemoteMessageId,
): Promise<readonly MessageLink[]> {
  const { links, journal } = context.storage;
  const there = await links.ofRemote(portal.id, target);
  if (there.length > 0) return there;
  // What began later than this was heard is not what it is about: in a busy room there is always some.
  if (await journal.hasDoubt(portal.id, delivery.receivedAtMs))
    throw new MustWait('target', { reason: NOT_LINKED_YET, waitMs: LINKED_SOON_MS });
  // It may have ended in between.
  return links.ofRemote(portal.id, target);
}

/** The event that a remote message stands for in this room, with who said it. */
export async function linkTo({ context, portal }: RemoteWork, remoteId: RemoteMessageId) {
  const [first] = await context.storage.links.ofRemote(portal.id, remoteId);
  return first;
}
