import type { RemoteUserId } from '../../model/remote-ids.ts';
import type { Title, TitlePart } from '../../ports/matrix.ts';
import { titleText } from '../degrade.ts';
import { isOurs } from '../ours.ts';
import { refusedIsFalse } from '../refused-is-false.ts';
import { speak } from '../speak.ts';
import { markerOf, type RemoteHandler, type RemoteWork } from './work.ts';

interface Change {
  readonly part: TitlePart;
  readonly text: string;
}

/** Each has a marker of its own. */
const PARTS = { name: { notice: 0, state: 1 }, topic: { notice: 2, state: 3 } } as const;

/** The chat is called, or about, something else: so is the room, as far as one of ours may. */
export const title: RemoteHandler<'title'> = async (event, work) => {
  const { context, portal } = work;
  for (const part of ['name', 'topic'] as const) {
    const text = event[part];
    if (text === undefined) continue;
    const now = await context.matrix.title(portal.roomId, part);
    if (now.text === text) continue;
    if (event.sender !== undefined) await changedBy(event.sender, { part, text }, work);
    else if (!(await isOnItsWay(now, work))) await settle({ part, text }, work);
  }
  return [];
};

/** As their ghost where that may, else as the bot, which says who it was first: after a crash it is not said twice. */
async function changedBy(sender: RemoteUserId, change: Change, work: RemoteWork): Promise<void> {
  const { context, portal } = work;
  const ghost = context.names.ghost(portal.network, sender);
  const isHere = await context.storage.ghosts.isJoined(ghost, portal.roomId);
  if (isFollowed(change, work) && isHere && (await put(change, work, ghost))) return;
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, PARTS[change.part].notice),
    maybeSaidSinceMs: work.delivery.receivedAtMs,
    content: { kind: 'notice', text: `${sender} ${titleText(change.part, change.text)}` },
  });
  if (isFollowed(change, work)) await put(change, work);
}

/** A room that was somebody's own before it was bridged keeps its name. */
const isFollowed = ({ part }: Change, { portal }: RemoteWork) =>
  part === 'topic' || portal.ownsRoom;

/** It goes to the other portals of the room, like all that is done over there. */
function put(change: Change, work: RemoteWork, as = work.context.matrix.bot): Promise<boolean> {
  const { context, portal } = work;
  const mark = { marker: markerOf(work, PARTS[change.part].state), portal: portal.id };
  return refusedIsFalse(context.matrix.setTitle({ roomId: portal.roomId, as, ...change, mark }));
}

/** What we did ourselves has become this over there. The others of the room have heard of it. */
async function settle(change: Change, work: RemoteWork): Promise<void> {
  if (!isFollowed(change, work)) return;
  const { matrix } = work.context;
  const { roomId } = work.portal;
  const mark = { marker: markerOf(work, PARTS[change.part].state) };
  await refusedIsFalse(matrix.setTitle({ roomId, as: matrix.bot, ...change, mark }));
}

/** What a person has said here meanwhile is newer, and will be so over there as well. */
async function isOnItsWay({ by }: Title, { context, portal }: RemoteWork): Promise<boolean> {
  if (by === undefined || isOurs(context, by.sender)) return false;
  const { journal } = context.storage;
  if ((await journal.senderOf(by.id)) === undefined) return true;
  return (await journal.owed(portal.id, by.id)) === 'waiting';
}
