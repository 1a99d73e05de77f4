import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { slots } from '../util/slots.ts';
import type { Context } from './context.ts';
import { portalsOf } from './portals-of.ts';
import type { Speakers } from './speakers.ts';
import type { Voices } from './voices.ts';

/** A network that sees hundreds of log-ins in one second takes it for an attack. */
const AT_ONCE = 5;

interface Parts {
  readonly voices: Voices;
  readonly speakers: Speakers;
}

/**
 * After a start, brings the enlisted voices back that were out before it: people of the network go on seeing
 * them, and can go on writing to them. Beside the messages, which open what they need themselves.
 */
export async function reopenVoices(
  context: Context,
  parts: Parts,
  network: string,
  signal: AbortSignal,
): Promise<void> {
  const { storage } = context;
  const out = (await storage.voices.ofNetwork(network)).filter(
    ({ isOut, kind, userId }) =>
      isOut && kind === 'enlisted' && !(userId && context.optedOut.has(network, userId)),
  );
  if (out.length === 0) return;
  const chats: Portal[] = [];
  for await (const portal of portalsOf(storage, network))
    if (portal.receiver === undefined && !portal.encrypted) chats.push(portal);
  const rooms = await Promise.all(
    chats.map(async (portal) => ({ portal, members: await membersOf(context, portal) })),
  );
  const few = slots(AT_ONCE);
  await Promise.all(
    out.map(async (row) => {
      const its = rooms.filter(({ members }) => row.userId && members.has(row.userId));
      const portals = its.map(({ portal }) => portal);
      await few.enter(signal);
      await reopen(context, parts, row, portals).finally(() => few.leave());
    }),
  );
}

async function reopen(
  { log }: Context,
  { voices, speakers }: Parts,
  row: VoiceRow,
  portals: readonly Portal[],
): Promise<void> {
  const [first] = portals;
  if (row.userId === undefined || !first) return;
  try {
    const speaker = await speakers.of(first.roomId, row.userId);
    for (const { chat } of portals) await voices.inChat(row, speaker, chat);
  } catch (error) {
    log('info', 'A voice was not brought back; it comes when it is needed', {
      voice: row.id,
      error: String(error),
    });
  }
}

/** Where the bot may not look, nobody is brought back. */
async function membersOf(
  { matrix }: Context,
  { roomId }: Portal,
): Promise<ReadonlySet<MatrixUserId>> {
  try {
    const members = await matrix.joinedMembers(roomId, matrix.bot);
    return new Set(members.map(({ userId }) => userId));
  } catch (error) {
    if (error instanceof MatrixError) return new Set();
    throw error;
  }
}
