import type { Mention, MessageBody } from '../model/message-body.ts';
import type { RemoteUserId } from '../model/remote-ids.ts';
import type { MatrixMention } from '../ports/matrix.ts';
import type { Context } from './context.ts';
import { remoteOf, type Where } from './remote-of.ts';

/** A body with those who are named in it, as far as the network knows them: by a person or a voice there. */
export async function namingRemote(
  where: Where,
  body: MessageBody,
  mentions: readonly MatrixMention[] = [],
): Promise<MessageBody> {
  const known: Mention[] = [];
  for (const { start, end, userId } of mentions) {
    const who = await remoteOf(where, userId);
    if (who) known.push({ start, end, ...who });
  }
  return known.length === 0 ? body : { ...body, mentions: known };
}

/** Those in the portal's room whom a message of the network names. */
export async function namedInMatrix(
  where: Where,
  { mentions = [] }: MessageBody,
): Promise<{ readonly mentions?: readonly MatrixMention[] }> {
  const known: MatrixMention[] = [];
  for (const mention of mentions) {
    const userId = await matrixOf(where, mention);
    if (userId !== undefined) known.push({ start: mention.start, end: mention.end, userId });
  }
  return known.length === 0 ? {} : { mentions: known };
}

async function matrixOf({ context, portal }: Where, mention: Mention) {
  const { names, storage } = context;
  if ('voice' in mention) return (await storage.voices.byId(mention.voice))?.userId;
  const ghost = ghostIfAny(names, portal.network, mention.user);
  const isThere = ghost && (await storage.ghosts.isJoined(ghost, portal.roomId));
  return isThere ? ghost : undefined;
}

/** Somebody with too long an id has none, and can be named all the same. */
function ghostIfAny(names: Context['names'], network: string, user: RemoteUserId) {
  try {
    return names.ghost(network, user);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
