import { BridgeError } from '../adapter/errors.ts';
import type { MatrixRoomId, MatrixUserId } from '../model/matrix-ids.ts';
import type { RemoteUserId } from '../model/remote-ids.ts';
import { MatrixError, type MatrixEvent } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { Ghosts } from './ghosts.ts';
import type { Networks } from './networks.ts';
import { isLimit, patiently } from './patiently.ts';
import type { Portals } from './portals.ts';
import type { Speakers } from './speakers.ts';
import { ENCRYPTED } from './tell.ts';
import type { Voices } from './voices.ts';

const DIRECT = { deadlineMs: 60_000, effect: 'none' } as const;

interface Parts {
  readonly ghosts: Ghosts;
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly portals: Portals;
  readonly networks: Networks;
  /** The bot is in one more room. */
  readonly botJoined: (roomId: MatrixRoomId) => void;
  /** For what no message waits for. */
  readonly beside: (work: Promise<unknown>) => void;
  readonly signal: AbortSignal;
}

/** Answers invitations to the bot and to ghosts. Every step may be done already, after a crash. */
export class Invitations {
  readonly #context: Context;
  readonly #parts: Parts;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  async answer(event: MatrixEvent<'member'>): Promise<void> {
    const { matrix, names } = this.#context;
    const ghost = names.ghostOf(event.who);
    if (event.who === matrix.bot) await this.#toBot(event);
    else if (ghost) await this.#toGhost(event, ghost);
  }

  async #toBot(event: MatrixEvent<'member'>): Promise<void> {
    const { matrix, permission } = this.#context;
    const allowed = permission(event.sender);
    if (allowed !== 'use' && allowed !== 'admin')
      return this.#refuse(event, 'You are not allowed to use this bridge');
    if (event.isEncrypted) return this.#refuse(event, ENCRYPTED);
    await matrix.join(event.roomId, matrix.bot);
    this.#parts.botJoined(event.roomId);
  }

  /** Into a portal of its network a ghost just comes; anywhere else somebody wants to talk in private. */
  async #toGhost(
    event: MatrixEvent<'member'>,
    ghost: { readonly network: string; readonly user: RemoteUserId },
  ): Promise<void> {
    const there = await this.#context.storage.portals.ofRoom(event.roomId);
    if (there.some(({ network }) => network === ghost.network))
      return this.#comes(event.roomId, ghost);
    if (event.isEncrypted) return this.#refuse(event, ENCRYPTED);
    const options = this.#parts.networks.options(ghost.network);
    const voice = await this.#parts.voices.own(options, event.sender);
    if (!voice) return this.#refuse(event, `You have no account on ${options.displayName}`);
    try {
      await this.#beginDirect(event, ghost.user, voice);
    } catch (error) {
      if (!(error instanceof BridgeError) || error.advice.retry === 'later') throw error;
      await this.#refuse(event, `${options.displayName} does not allow this (${error.code})`);
    }
  }

  /** Where the homeserver limits it, the messages of the room go on meanwhile. */
  async #comes(
    roomId: MatrixRoomId,
    { network, user }: { readonly network: string; readonly user: RemoteUserId },
  ): Promise<void> {
    const { ghosts, beside, signal } = this.#parts;
    const come = () => ghosts.inRoom(network, user, roomId);
    try {
      await come();
    } catch (error) {
      if (!isLimit(error)) throw error;
      beside(patiently(this.#context.clock, signal, come, error));
    }
  }

  async #beginDirect(event: MatrixEvent<'member'>, user: RemoteUserId, voice: VoiceRow) {
    const { matrix, storage, clock } = this.#context;
    const { roomId, who, sender } = event;
    await this.#parts.ghosts.exist(voice.network, user);
    await matrix.join(roomId, who);
    await storage.ghosts.setJoined(who, roomId, true);
    await this.#bringBot(roomId, who);
    const speaker = await this.#parts.speakers.of(roomId, sender);
    const session = await this.#parts.voices.open(voice, speaker);
    const chat = await withDeadline(clock, DIRECT, async (signal) => {
      if (session.direct) return session.direct(user, signal);
      throw new BridgeError('unsupported', 'No private chats', { effect: 'none' });
    });
    await this.#parts.portals.link({
      network: voice.network,
      chat,
      receiver: voice.id,
      roomId,
      origin: 'direct',
      ownsRoom: false,
      creator: sender,
    });
  }

  async #bringBot(roomId: MatrixRoomId, as: MatrixUserId): Promise<void> {
    const { matrix } = this.#context;
    try {
      await matrix.invite(roomId, matrix.bot, as);
    } catch (error) {
      // It may be there already; if not, the join says so.
      if (!(error instanceof MatrixError) || error.kind !== 'refused') throw error;
    }
    await matrix.join(roomId, matrix.bot);
  }

  async #refuse({ roomId, who }: MatrixEvent<'member'>, reason: string): Promise<void> {
    this.#context.log('info', 'An invitation was refused', { roomId, who, reason });
    await this.#context.matrix.leave(roomId, who, reason);
  }
}
