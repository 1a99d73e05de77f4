import { BridgeError } from '../adapter/errors.ts';
import type { Network } from '../adapter/network.ts';
import type { NetworkSession } from '../adapter/session.ts';
import type { Speaker, Standing, Voice } from '../adapter/voice.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { RemoteChatId, RemoteUserId, VoiceId } from '../model/remote-ids.ts';
import type { VoiceRow } from '../ports/store.ts';
import { adapterState } from './adapter-state.ts';
import { ConnectionNotices } from './connection-notices.ts';
import type { Context } from './context.ts';
import { withDeadline } from './deadline.ts';
import type { NetworkOptions } from './options.ts';
import { mayHaveVoice, VoiceChoice, voiceId } from './voice-choice.ts';

/** Opening may mean a log-in over a slow network, and joining a queue. */
const LIMITS = { deadlineMs: 60_000, effect: 'none' } as const;
/** Longer than that nobody waits for a network that has to be told that a voice is gone. */
const FORGET = { deadlineMs: 60_000, effect: 'none' } as const;
/** A session that does not let go is abandoned after this. */
const CLOSE = { deadlineMs: 10_000, effect: 'none' } as const;
/** A voice that spoke within this is not let go for another one. */
const QUIET_MS = 60_000;
/** A voice that was refused is not tried again for so long, unless its network says that it is back. */
const REFUSED_MS = 10 * 60_000;

/** How a voice is at a moment. */
export interface VoiceNow {
  readonly is: 'open' | 'opening' | 'closed' | 'logged out';
  /** What it is called over there. */
  readonly self?: RemoteUserId;
  /** When it last had something to do. Absent: not since it was opened last. */
  readonly lastUsedAtMs?: number;
}

interface Live {
  row: VoiceRow;
  session: Promise<NetworkSession> | undefined;
  /** Also while it is under way: many networks answer a second joining with nothing. */
  readonly joined: Map<RemoteChatId, Promise<void>>;
  lastUsedMs: number;
}

/** Who speaks how on which network, and the sessions that are open for them. */
export class Voices {
  readonly #context: Context;
  readonly #networkOf: (id: string) => Network;
  readonly #choice: VoiceChoice;
  readonly #notices: ConnectionNotices;
  readonly #live = new Map<VoiceId, Live>();
  readonly #refusedUntilMs = new Map<VoiceId, number>();
  readonly #loggedOut = new Set<VoiceId>();
  /** Also while it is going. What still means to speak with one must choose again. */
  readonly #givenUp = new Set<VoiceId>();

  /** @param networkOf throws a `BridgeError` while the network is not open. */
  constructor(context: Context, networkOf: (id: string) => Network) {
    this.#context = context;
    this.#networkOf = networkOf;
    this.#notices = new ConnectionNotices(context);
    this.#choice = new VoiceChoice(
      context,
      (id) => (this.#refusedUntilMs.get(id) ?? 0) <= context.clock.now(),
    );
  }

  /** The voice that a sender speaks with in a portal, the first that is possible. `undefined`: none. */
  pick(portal: Portal, sender: MatrixUserId): Promise<VoiceRow | undefined> {
    return this.#choice.pick(portal, sender);
  }

  /** The login or enlisted voice of a user, taken out if need be. `undefined`: they may not have one. */
  own(network: NetworkOptions, user: MatrixUserId): Promise<VoiceRow | undefined> {
    return this.#choice.own(network, user);
  }

  /** How many voices of a network are open, or being opened. */
  countOpen(network: string): number {
    return [...this.#live.values()].filter(({ row, session }) => row.network === network && session)
      .length;
  }

  /** Opens it if need be. @throws {BridgeError} */
  async open(row: VoiceRow, speaker: Speaker): Promise<NetworkSession> {
    if (!this.#mayBeOut(row))
      throw new BridgeError('not_allowed', `${row.userId} may have no voice`, { effect: 'none' });
    if (this.#loggedOut.has(row.id))
      throw new BridgeError('logged_out', `${row.id} needs a new login`, { effect: 'none' });
    if (this.#givenUp.has(row.id))
      throw new BridgeError('unreachable', `${row.id} was given up`, { effect: 'none' });
    const voice = this.#liveOf(row);
    voice.lastUsedMs = this.#context.clock.now();
    if (voice.session) return voice.session;
    const session = this.#begin(voice, speaker);
    voice.session = session;
    // Only now, as it may have failed before anything was awaited.
    session.catch(() => {
      if (voice.session === session) voice.session = undefined;
    });
    return session;
  }

  /**
   * The session of somebody's own voice that is open and in the chat at this moment, for what is
   * worth nothing later. None is opened or waited for.
   */
  async ownIn(portal: Portal, user: MatrixUserId): Promise<NetworkSession | undefined> {
    const { network, chat, receiver } = portal;
    const isThere = ({ row, joined }: Live) =>
      row.id === receiver || (receiver === undefined && (row.kind === 'login' || joined.has(chat)));
    const own = [...this.#live.values()].filter(
      (voice) => voice.row.network === network && voice.row.userId === user && isThere(voice),
    );
    for (const kind of this.#optionsOf(network)?.voices ?? []) {
      const session = own.find(({ row }) => row.kind === kind)?.session;
      // One that is being opened is not there yet.
      const open = session && (await Promise.race([session, undefined]).catch(() => undefined));
      if (open) return open;
    }
    return undefined;
  }

  /** The sessions of somebody's own voices that are open at this moment. */
  async openOf(user: MatrixUserId): Promise<readonly NetworkSession[]> {
    const own = [...this.#live.values()].filter(({ row }) => row.userId === user);
    const now = own.map(({ session }) => Promise.race([session, undefined]).catch(() => undefined));
    return (await Promise.all(now)).filter((session) => session !== undefined);
  }

  /** Open, and in the chat. @throws {BridgeError} */
  async inChat(row: VoiceRow, speaker: Speaker, chat: RemoteChatId): Promise<NetworkSession> {
    const session = await this.open(row, speaker);
    const { joined } = this.#liveOf(row);
    const known = joined.get(chat);
    if (known !== undefined) await known;
    else await this.#join(session, joined, chat);
    return session;
  }

  async #join(session: NetworkSession, joined: Live['joined'], chat: RemoteChatId): Promise<void> {
    const joining = this.#call(async (signal) => session.join?.(chat, signal));
    joined.set(chat, joining);
    try {
      await joining;
    } catch (error) {
      if (joined.get(chat) === joining) joined.delete(chat);
      throw error;
    }
  }

  /**
   * Out of the chat; an enlisted voice is let go when that was its last. One that was out before a start
   * may still be in the chat, so it is opened to leave it. @throws {BridgeError}
   */
  async outOfChat(row: VoiceRow, speaker: Speaker, chat: RemoteChatId): Promise<void> {
    if (!row.isOut && this.#live.get(row.id)?.session === undefined) return;
    const session = await this.open(row, speaker);
    const voice = this.#liveOf(row);
    voice.joined.delete(chat);
    await this.#call(async (signal) => session.leave?.(chat, signal));
    if (voice.joined.size === 0 && voice.row.kind === 'enlisted') await this.#letGo(voice);
  }

  /** @throws {BridgeError} while the network is not open. */
  takesPower(network: string): boolean {
    return this.#networkOf(network).takesPower ?? false;
  }

  /** Or being opened. */
  isOpen(id: VoiceId): boolean {
    return this.#live.get(id)?.session !== undefined;
  }

  /** How one is at this moment. */
  async now(id: VoiceId): Promise<VoiceNow> {
    const { session, lastUsedMs } = this.#live.get(id) ?? {};
    const open = await Promise.race([session, undefined]).catch(() => undefined);
    if (!session) return { is: this.#loggedOut.has(id) ? 'logged out' : 'closed' };
    const usedAtMs = lastUsedMs !== undefined && { lastUsedAtMs: lastUsedMs };
    if (!open) return { is: 'opening', ...usedAtMs };
    return { is: 'open', ...usedAtMs, ...(open.self && { self: open.self }) };
  }

  /** Lets go of one until it is needed again. `reason`: for those over there. */
  async rest(id: VoiceId, reason?: string): Promise<void> {
    const voice = this.#live.get(id);
    if (voice) await this.#letGo(voice, reason);
  }

  isLoggedOut(id: VoiceId): boolean {
    return this.#loggedOut.has(id);
  }

  /** A login is there, new or again: it is opened anew, and whatever its person spoke with before is let go. */
  async loggedIn({ id, network, userId }: VoiceRow): Promise<void> {
    await this.close(id);
    this.#givenUp.delete(id);
    const before = userId && this.#live.get(voiceId(network, 'enlisted', userId));
    if (before) await this.#letGo(before);
  }

  /** Whatever is open of it, and what was known of how it stands. */
  async close(id: VoiceId): Promise<void> {
    this.#loggedOut.delete(id);
    this.#refusedUntilMs.delete(id);
    const voice = this.#live.get(id);
    if (voice) await this.#close(voice);
  }

  /**
   * Gives one up for good. It is closed, and cannot be opened, before its network is told: a session
   * that opened after that would be one that nobody knows of.
   *
   * @throws {BridgeError} When the network could not be told: it is only closed then.
   */
  async giveUp(row: VoiceRow, network: Network): Promise<void> {
    this.#givenUp.add(row.id);
    await this.close(row.id);
    try {
      await withDeadline(this.#context.clock, FORGET, async (signal) =>
        network.forget?.(this.handle(row), signal),
      );
    } catch (error) {
      this.#givenUp.delete(row.id);
      throw error;
    }
    await this.#notices.forget(row.id);
    await this.#context.storage.voices.remove(row.id);
  }

  /** Removed by somebody on the network: it must join again before it speaks. */
  removedFrom(id: VoiceId, chat: RemoteChatId): void {
    this.#live.get(id)?.joined.delete(chat);
  }

  /** A voice as an adapter is given it. */
  handle(row: VoiceRow, speaker?: Speaker): Voice {
    return {
      id: row.id,
      kind: row.kind,
      ...(row.kind !== 'relay' && speaker && { speaker }),
      state: adapterState(this.#context.storage, row.network, row.id),
    };
  }

  /** What a network says of a voice, outside a call or by a session that could not be opened. */
  standing(id: VoiceId, now: Standing): void {
    const voice = this.#live.get(id);
    if (voice) this.#notices.heard(voice.row, now);
    if (now.is === 'ready') {
      this.#loggedOut.delete(id);
      this.#refusedUntilMs.delete(id);
      return;
    }
    const { code, message } = now.error;
    this.#context.log('warn', 'A voice cannot speak', { voice: id, code, error: message });
    if (code === 'logged_out') this.#loggedOut.add(id);
    else if (code === 'not_allowed')
      this.#refusedUntilMs.set(id, this.#context.clock.now() + REFUSED_MS);
    else return;
    if (voice) void this.#letGo(voice);
  }

  /** Lets go of enlisted voices that said nothing for as long as the config says. */
  async closeIdle(): Promise<void> {
    const most = (network: string) => this.#optionsOf(network)?.idleCloseMs ?? 0;
    await Promise.all(this.idle(most).map(({ id }) => this.rest(id)));
  }

  /**
   * Enlisted voices that were used and have had nothing to do for longer than `mostMs` says of their network, and for
   * how long. A login is never idle, as it hears for its person.
   */
  idle(mostMs: (network: string) => number): readonly (VoiceRow & { readonly idleMs: number })[] {
    const nowMs = this.#context.clock.now();
    return [...this.#live.values()]
      .map(({ row, lastUsedMs }) => ({ ...row, idleMs: nowMs - lastUsedMs }))
      .filter(({ kind, network, idleMs }) => kind === 'enlisted' && idleMs > mostMs(network));
  }

  /** Lets go of those whose people may have none any more. */
  async closeShutOut(): Promise<void> {
    const out = [...this.#live.values()].filter(({ row }) => !this.#mayBeOut(row));
    await Promise.all(out.map((one) => this.#letGo(one)));
  }

  /** For a stop: what is out now is taken out again at the next start. */
  async closeNetwork(network: string): Promise<void> {
    const its = [...this.#live.values()].filter(({ row }) => row.network === network);
    await Promise.all(its.map((one) => this.#close(one)));
    this.#notices.stop(network);
  }

  #mayBeOut({ userId }: VoiceRow): boolean {
    return userId === undefined || mayHaveVoice(this.#context, userId);
  }

  #liveOf(row: VoiceRow): Live {
    const known = this.#live.get(row.id);
    if (known) return known;
    const made: Live = {
      row,
      session: undefined,
      joined: new Map(),
      lastUsedMs: this.#context.clock.now(),
    };
    this.#live.set(row.id, made);
    return made;
  }

  async #begin(voice: Live, speaker: Speaker): Promise<NetworkSession> {
    const { row } = voice;
    try {
      await this.#makeRoom(row);
      const network = this.#networkOf(row.network);
      const handle = this.handle(row, speaker);
      const session = await this.#call((signal) => network.session(handle, signal));
      await this.#setOut(voice, true);
      this.#notices.heard(row, { is: 'ready' });
      return session;
    } catch (error) {
      if (error instanceof BridgeError) this.standing(row.id, { is: 'failed', error });
      throw error;
    }
  }

  /** At the limit, the one that was silent for longest is let go, if it was silent for long enough. */
  async #makeRoom({ id, kind, network }: VoiceRow): Promise<void> {
    const most = this.#optionsOf(network)?.maxEnlisted;
    if (kind !== 'enlisted' || most === undefined) return;
    const others = [...this.#live.values()]
      .filter(({ row }) => row.kind === 'enlisted' && row.network === network && row.id !== id)
      .filter(({ session }) => session !== undefined)
      .sort((a, b) => a.lastUsedMs - b.lastUsedMs);
    if (others.length < most) return;
    const [longest] = others;
    if (!longest || this.#context.clock.now() - longest.lastUsedMs < QUIET_MS)
      throw new BridgeError('not_allowed', `More than ${most} enlisted voices`, { effect: 'none' });
    await this.#letGo(longest);
  }

  /** Not for a stop, but because it is not needed or not wanted any more. */
  async #letGo(voice: Live, reason?: string): Promise<void> {
    await this.#setOut(voice, false);
    await this.#close(voice, reason);
  }

  async #setOut(voice: Live, isOut: boolean): Promise<void> {
    if (voice.row.isOut === isOut) return;
    voice.row = { ...voice.row, isOut };
    await this.#context.storage.voices.save(voice.row);
  }

  async #close(voice: Live, reason?: string): Promise<void> {
    const { session, row } = voice;
    voice.session = undefined;
    this.#live.delete(row.id);
    try {
      await withDeadline(this.#context.clock, CLOSE, async () => (await session)?.close(reason));
    } catch (error) {
      this.#context.log('debug', 'A voice did not close cleanly', {
        voice: row.id,
        error: String(error),
      });
    }
  }

  #optionsOf(network: string): NetworkOptions | undefined {
    return this.#context.networks.find(({ id }) => id === network);
  }

  #call<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return withDeadline(this.#context.clock, LIMITS, run);
  }
}
