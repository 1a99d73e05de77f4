import type { ChatInfo } from '../adapter/info.ts';
import type { Portal } from '../model/portal.ts';
import type { Speech } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Directory } from './directory.ts';
import type { Ghosts } from './ghosts.ts';
import type { JoinRules } from './join-rules.ts';
import type { Networks } from './networks.ts';
import { patiently } from './patiently.ts';
import { refusedIsFalse } from './refused-is-false.ts';
import { viewOf } from './watcher.ts';

const ASK_DEADLINE_MS = 60_000;

/**
 * Brings a portal's room to what its chat is now: who is there and may do what, and where the room follows the chat,
 * name and topic. Desired state by difference: what is right already costs no request.
 *
 * Runs beside the portal's lane, so that a large channel delays no message.
 */
export async function refreshRoom(
  context: Context,
  parts: RefreshParts,
  portal: Portal,
): Promise<void> {
  const { matrix, clock } = context;
  if (portal.encrypted) return;
  const network = parts.networks.get(portal.network);
  const limits = { deadlineMs: ASK_DEADLINE_MS, effect: 'none' } as const;
  const info = await withDeadline(clock, limits, async (signal) =>
    network.chat?.(viewOf(portal), signal),
  );
  if (!info) return;
  if (portal.ownsRoom) await matrix.setRoomInfo(portal.roomId, info);
  if (info.powers) await setPowers(context, portal, { ...info, powers: info.powers });
  if (portal.ownsRoom && info.access) await setEntry(context, portal, info.access);
  await parts.directory.refresh(portal, info.access);
  if (info.members) await setMembers(context, parts, { portal, members: info.members });
}

export interface RefreshParts {
  readonly ghosts: Ghosts;
  readonly networks: Networks;
  readonly directory: Directory;
  readonly rules: JoinRules;
  readonly signal: AbortSignal;
}

async function setMembers(
  context: Context,
  { ghosts, rules, signal }: RefreshParts,
  { portal, members }: { portal: Portal; members: NonNullable<ChatInfo['members']> },
): Promise<void> {
  const allowed = (move: () => Promise<unknown>) => patiently(context.clock, signal, move);
  rules.noted(portal, members.length);
  for (const user of rules.comeAll(portal) ? members : [])
    await allowed(() => ghosts.inRoom(portal.network, user, portal.roomId));
  if (!(await isAloneOfItsNetwork(context, portal))) return;
  const there = new Set(members);
  for (const ghost of await context.storage.ghosts.joinedTo(portal.roomId))
    if (ghost.network === portal.network && !there.has(ghost.remoteId))
      await allowed(() => ghosts.leave(ghost.userId, portal.roomId));
}

/** A room of somebody's own may not let the bot: then ghosts have no power in it, and nothing is missing. */
async function setPowers(
  context: Context,
  portal: Portal,
  { powers, access }: ChatInfo & Required<Pick<ChatInfo, 'powers'>>,
): Promise<void> {
  const { matrix, names, log } = context;
  const { network, roomId } = portal;
  const ofGhosts = new Map([...powers].map(([user, power]) => [names.ghost(network, user), power]));
  const isAlone = await isAloneOfItsNetwork(context, portal);
  const isTaken = (userId: string) => isAlone && names.ghostOf(userId)?.network === network;
  const speech = portal.ownsRoom && access && (await speechOf(context, access));
  const asked = matrix.setPowers(roomId, ofGhosts, isTaken, speech || undefined);
  if (!(await refusedIsFalse(asked)))
    log('debug', 'The bot may not give anybody power in a room', { roomId });
}

type Access = NonNullable<ChatInfo['access']>;

async function speechOf(
  { storage, names, matrix }: Context,
  { speakers, speakingPower: power }: Access,
): Promise<Speech> {
  const isPerson = (userId: string) => userId !== matrix.bot && !names.ghostOf(userId);
  if (!speakers) return { power, isPerson };
  const rows = await Promise.all(speakers.map((id) => storage.voices.byId(id)));
  const people = rows.flatMap((row) => (row?.userId === undefined ? [] : [row.userId]));
  return { power, isPerson, speakers: new Set(people) };
}

async function setEntry({ matrix, log }: Context, { roomId }: Portal, { isByInvitation }: Access) {
  if (!(await refusedIsFalse(matrix.setByInvitation(roomId, isByInvitation))))
    log('debug', 'The bot may not say who comes into a room', { roomId });
}

/** Else a ghost that is not in this chat, or has no power there, may be in the room for another one. */
async function isAloneOfItsNetwork({ storage }: Context, portal: Portal): Promise<boolean> {
  const all = await storage.portals.ofRoom(portal.roomId);
  return all.filter(({ network }) => network === portal.network).length === 1;
}
