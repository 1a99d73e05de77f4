import type { CommandCall, NetworkCommand, OwnVoice } from '../adapter/command.ts';
import { BridgeError } from '../adapter/errors.ts';
import type { Speaker } from '../adapter/voice.ts';
import { withDeadline } from '../engine/deadline.ts';
import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { RemoteUserId } from '../model/remote-ids.ts';
import { audited, sayRefused } from '../operator/audit.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { atMostOnce } from './at-most-once.ts';
import { type Call, isAdmin, ONLY_ADMINS } from './command.ts';

/** The messages of the room wait for it. */
const LIMITS = { deadlineMs: 20_000, effect: 'unknown' } as const;

/** What the network brings with it, as far as whoever asks may use it. Nothing while it is not open. */
export function commandsOf(call: Call): readonly NetworkCommand[] {
  const { networks, network } = call;
  const all = networks.isOpen(network.id) ? (networks.get(network.id).commands ?? []) : [];
  return all.filter(({ adminsOnly }) => !adminsOnly || isAdmin(call));
}

/** Runs a command of the network. `undefined`: it has none of that name. @throws {BridgeError} */
export async function runForNetwork(name: string, call: Call): Promise<string | undefined> {
  const { networks, network, context, event, speakers, signal } = call;
  const command = networks.get(network.id).commands?.find((one) => one.name === name);
  if (!command) return undefined;
  // Without its words: only the network knows what is secret among them.
  const about = { by: event.sender, what: command.name, network: network.id };
  if (command.adminsOnly && !isAdmin(call)) return sayRefused(context.log, about, ONLY_ADMINS);
  const asked = await askedBy(call, await speakers.of(event.roomId, event.sender));
  const run = () =>
    withDeadline(context.clock, LIMITS, (late) =>
      command.run(asked, AbortSignal.any([late, signal])),
    ).catch(ownError);
  return atMostOnce(context.storage, event, () =>
    command.adminsOnly ? audited(context.log, about, run) : run(),
  );
}

/** The homeserver's word is not the network's, though a command came upon it. */
function ownError(error: BridgeError): never {
  throw error.cause instanceof MatrixError ? error.cause : error;
}

async function askedBy(call: Call, speaker: Speaker): Promise<CommandCall> {
  const { context, network, event, rest, voices } = call;
  const portals = await context.storage.portals.ofRoom(event.roomId);
  const [portal, ...others] = portals.filter((one) => one.network === network.id);
  const row = await voices.own(network, event.sender);
  const voice = row && ownVoice(call, row, speaker);
  return {
    words: rest,
    speaker,
    ...(portal && others.length === 0 && { chat: portal.chat }),
    ...(voice && { voice }),
    invite: (name) => invite(call, name, voice),
  };
}

function ownVoice({ voices }: Call, row: VoiceRow, speaker: Speaker): OwnVoice {
  return {
    ...voices.handle(row, speaker),
    isOpen: voices.isOpen(row.id),
    open: () => voices.open(row, speaker),
    letGo: () => voices.rest(row.id),
  };
}

async function invite(call: Call, name: string, voice: OwnVoice | undefined) {
  const { context, event, portals, network } = call;
  const { matrix } = context;
  const found = await portals.find(network.id, name);
  if (!found) return undefined;
  const roomId =
    'user' in found
      ? await directRoom(call, found.user, voice)
      : await portals.requested(network.id, name, found.chat);
  if (roomId === undefined) return undefined;
  await matrix.invite(roomId, event.sender, matrix.bot);
  return found;
}

async function directRoom(
  { context, network, portals, ghosts }: Call,
  user: RemoteUserId,
  voice: OwnVoice | undefined,
): Promise<MatrixRoomId | undefined> {
  const session = await voice?.open();
  if (!voice || !session?.direct)
    throw new BridgeError('not_allowed', 'No voice to talk in private with', { effect: 'none' });
  const begin = session.direct.bind(session, user);
  const chat = await withDeadline(context.clock, LIMITS, begin);
  const [portal] = await portals.ensureDirect(network.id, { chat, receiver: voice.id });
  if (portal) await ghosts.inRoom(network.id, user, portal.roomId);
  return portal?.roomId;
}
