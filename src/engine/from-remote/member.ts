import type { RemoteEvent } from '../../adapter/remote-event.ts';
import type { VoiceId } from '../../model/remote-ids.ts';
import { refusedIsFalse } from '../refused-is-false.ts';
import { speak } from '../speak.ts';
import { moving } from './must-wait.ts';
import { markerOf, type RemoteHandler, type RemoteWork } from './work.ts';

/** Somebody came or went: their ghost does the same. */
export const member: RemoteHandler<'member'> = async (event, work) => {
  await moving(follow(event, work));
  return [];
};

async function follow(event: RemoteEvent<'member'>, work: RemoteWork): Promise<void> {
  if (event.voice !== undefined) await ownVoice(event, event.voice, work);
  else if (event.is === 'in') await comes(event, work);
  else if (event.is === 'out') await goes(event, work);
  else if (event.is === 'banned') await isBanned(event, work);
  else if (event.is === 'unbanned') await isUnbanned(event, work);
}

async function comes({ who }: RemoteEvent<'member'>, { ghosts, rules, portal }: RemoteWork) {
  if (rules.comes(portal)) await ghosts.inRoom(portal.network, who, portal.roomId);
}

async function goes(event: RemoteEvent<'member'>, { context, ghosts, portal }: RemoteWork) {
  const ghost = context.names.ghost(portal.network, event.who);
  if (event.sender !== event.who) {
    if (!(await context.storage.ghosts.isJoined(ghost, portal.roomId))) return;
    const reason = by(event);
    const kicked = await refusedIsFalse(
      context.matrix.kick(portal.roomId, ghost, context.matrix.bot, reason),
    );
    if (kicked) return ghosts.notIn(ghost, portal.roomId);
    return ghosts.leave(ghost, portal.roomId, reason);
  }
  return ghosts.leave(ghost, portal.roomId, event.reason);
}

/** Somebody without a ghost may be banned as well; that nobody of theirs is here is all that a room can show of it. */
async function isBanned(event: RemoteEvent<'member'>, { context, ghosts, portal }: RemoteWork) {
  const { matrix, storage, names } = context;
  const ghost = names.ghost(portal.network, event.who);
  if ((await storage.ghosts.byUserId(ghost)) === undefined) return;
  const reason = by(event);
  if (await refusedIsFalse(matrix.ban(portal.roomId, ghost, matrix.bot, reason)))
    return ghosts.notIn(ghost, portal.roomId);
  return ghosts.leave(ghost, portal.roomId, reason);
}

async function isUnbanned({ who }: RemoteEvent<'member'>, { context, portal }: RemoteWork) {
  const { matrix, storage, names } = context;
  const ghost = names.ghost(portal.network, who);
  if ((await storage.ghosts.byUserId(ghost)) === undefined) return;
  await refusedIsFalse(matrix.unban(portal.roomId, ghost, matrix.bot));
}

/** One of our own was put out or invited over there: so is its person here, or they are told where the bot may not. */
async function ownVoice(event: RemoteEvent<'member'>, voice: VoiceId, work: RemoteWork) {
  const { context, portal, voices } = work;
  if (event.is === 'in' || event.is === 'unbanned') return;
  if (event.is !== 'invited') voices.removedFrom(voice, portal.chat);
  const user = (await context.storage.voices.byId(voice))?.userId;
  if (user === undefined) return;
  const { matrix } = context;
  const asked =
    event.is === 'invited'
      ? matrix.invite(portal.roomId, user, matrix.bot)
      : matrix.kick(portal.roomId, user, matrix.bot, by(event));
  if (await refusedIsFalse(asked)) return;
  const what = event.is === 'invited' ? 'invited to' : 'removed from';
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, 0),
    maybeSaidSinceMs: work.delivery.receivedAtMs,
    content: { kind: 'notice', text: `${user} was ${what} ${portal.chat}: ${by(event)}` },
  });
}

const words = {
  in: 'Brought',
  out: 'Removed',
  invited: 'Invited',
  banned: 'Banned',
  unbanned: 'Let in',
};

const by = ({ sender, is, reason }: RemoteEvent<'member'>): string =>
  `${words[is]} by ${sender}${reason ? `: ${reason}` : ''}`;
