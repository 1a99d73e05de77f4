import type { BridgeError } from '../adapter/errors.ts';
import type { Standing } from '../adapter/voice.ts';
import type { MatrixEventId, MatrixRoomId } from '../model/matrix-ids.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import { MatrixError } from '../ports/matrix.ts';
import type { VoiceRow } from '../ports/store.ts';
import { oneAtATime } from '../util/one-at-a-time.ts';
import type { Context } from './context.ts';
import { PEOPLE } from './opted-out.ts';
import { PrivateRooms } from './private-rooms.ts';
import { speak } from './speak.ts';
import { connectionText } from './tell.ts';

/** What is over within this was never worth a word. */
const PATIENCE_MS = 10_000;
/** What changes within this is an edit of what was said, so that nobody is called for each of many changes. */
const SAME_NOTICE_MS = 10 * 60_000;
const TOLD = 'told/';

/** The notice that stands. */
interface Told {
  readonly roomId: MatrixRoomId;
  readonly eventId: MatrixEventId;
  readonly atMs: number;
  readonly isDown: boolean;
}

interface Connection {
  readonly row: VoiceRow;
  /** Absent: it is up. */
  error: BridgeError | undefined;
  cancel: () => void;
}

/** Tells people in private how the connections of their own voices stand, where the config wants it. */
export class ConnectionNotices {
  readonly #context: Context;
  readonly #rooms: PrivateRooms;
  readonly #connections = new Map<VoiceId, Connection>();
  readonly #settle = oneAtATime((id: VoiceId) => this.#tellIfNews(id).catch(this.#failed(id)));

  constructor(context: Context) {
    this.#context = context;
    this.#rooms = new PrivateRooms(context);
  }

  heard(row: VoiceRow, standing: Standing): void {
    if (row.kind === 'relay' || !this.#networkOf(row)?.connectionNotices) return;
    const error = standing.is === 'failed' ? standing.error : undefined;
    // Whoever waits for their turn is on their way, and many do after each start.
    if (error?.code === 'rate_limited') return;
    const known = this.#connections.get(row.id);
    if (known && !known.error === !error) known.error = error ?? known.error;
    else this.#changed(known ?? { row, error, cancel: () => {} }, error);
  }

  /** For a stop, which ends connections without a word. */
  stop(network: string): void {
    for (const { row, cancel } of this.#connections.values()) if (row.network === network) cancel();
  }

  /** The voice is given up for good. */
  async forget(id: VoiceId): Promise<void> {
    this.#connections.get(id)?.cancel();
    this.#connections.delete(id);
    if (await this.#told(id)) await this.#keep(id, undefined);
  }

  #changed(one: Connection, error: BridgeError | undefined): void {
    one.error = error;
    one.cancel();
    one.cancel = this.#context.clock.after(PATIENCE_MS, () => void this.#settle(one.row.id));
    this.#connections.set(one.row.id, one);
  }

  async #tellIfNews(id: VoiceId): Promise<void> {
    const one = this.#connections.get(id);
    const told = await this.#told(id);
    const isDown = one?.error !== undefined;
    if (!one?.row.userId || isDown === (told?.isDown ?? false)) return;
    const roomId = await this.#rooms.of(one.row.userId);
    if (roomId) await this.#keep(id, await this.#say(one, roomId, told));
  }

  async #say(
    { row, error }: Connection,
    roomId: MatrixRoomId,
    told: Told | undefined,
  ): Promise<Told> {
    const { clock, keys } = this.#context;
    const nowMs = clock.now();
    const last = told?.roomId === roomId && nowMs - told.atMs < SAME_NOTICE_MS ? told : undefined;
    const text = connectionText(this.#networkOf(row)?.displayName ?? row.network, error);
    const eventId = await speak(this.#context, {
      roomId,
      marker: keys.marker('connection', row.id, nowMs),
      content: { kind: 'notice', text, ...(last && { replaces: last.eventId }) },
    });
    return { roomId, eventId, atMs: nowMs, ...last, isDown: error !== undefined };
  }

  #failed(id: VoiceId): (error: unknown) => void {
    return (error) => {
      const fields = { voice: id, error: String(error) };
      this.#context.log('warn', 'Somebody was not told how their connection stands', fields);
      const one = this.#connections.get(id);
      const isAway = error instanceof MatrixError && error.kind !== 'refused';
      if (one && isAway) this.#changed(one, one.error);
    };
  }

  /** On disk, as what was said before a start is still read after it. */
  async #told(id: VoiceId): Promise<Told | undefined> {
    const stored = await this.#context.storage.state.get(PEOPLE, undefined, TOLD + id);
    return stored && JSON.parse(Buffer.from(stored).toString());
  }

  async #keep(id: VoiceId, told: Told | undefined): Promise<void> {
    const value = told === undefined ? null : Buffer.from(JSON.stringify(told));
    const change = { key: TOLD + id, value };
    await this.#context.storage.journal.commit([{ kind: 'state', network: PEOPLE, change }]);
  }

  #networkOf({ network }: VoiceRow) {
    return this.#context.networks.find(({ id }) => id === network);
  }
}
