import type { RemoteEvent } from '../../adapter/remote-event.ts';
import type { VoiceId } from '../../model/remote-ids.ts';
import { speak } from '../speak.ts';
import { moving } from './must-wait.ts';
import { refusedIsFalse } from './refused-is-false.ts';
import { markerOf, type RemoteHandler, type RemoteWork } from './work.ts';

/** Somebody came or went: their ghost does the same. */
export const member: RemoteHandler<'member'> = async (event, work) => {
  await moving(follow(event, work));
  return [];
};

async function follow(event: RemoteEvent<'member'>, work: RemoteWork): Promise<void> {
  if (event.voice !== undefined) await ownVoice(event, event.voice, work);
  else if (event.is === 'in') await comes(event, work);
  else if (event.is === 'out' || event.is === 'banned') await goes(event, work);
}

const comes = ({ who }: RemoteEvent<'member'>, { ghosts, portal }: RemoteWork) =>
  ghosts.inRoom(portal.network, who, portal.roomId);

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

/** One of our own was put out over there: so is its person here, or they are told where the bot may not. */
async function ownVoice(event: RemoteEvent<'member'>, voice: VoiceId, work: RemoteWork) {
  const { context, portal, voices } = work;
  if (event.is !== 'out' && event.is !== 'banned') return;
  voices.removedFrom(voice, portal.chat);
  const user = (await context.storage.voices.byId(voice))?.userId;
  if (user === undefined) return;
  const { matrix } = context;
  if (await refusedIsFalse(matrix.kick(portal.roomId, user, matrix.bot, by(event)))) return;
  await speak(context, {
    roomId: portal.roomId,
    marker: markerOf(work, 0),
    maybeSaidSinceMs: work.delivery.receivedAtMs,
    content: { kind: 'notice', text: `${user} was removed from ${portal.chat}: ${by(event)}` },
  });
}

const by = ({ sender, is, reason }: RemoteEvent<'member'>): string =>
  `${is === 'banned' ? 'Banned' : 'Removed'} by ${sender}${reason ? `: ${reason}` : ''}`;
