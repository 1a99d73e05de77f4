import type { MatrixRoomId } from '../../model/matrix-ids.ts';
import { MatrixError, type PolicyRule } from '../../ports/matrix.ts';
import { oneAtATime } from '../../util/one-at-a-time.ts';
import { sameJson } from '../../util/same-json.ts';
import type { Context } from '../context.ts';
import { pause } from '../pause.ts';
import { type Banned, bannedBy } from './banned-by.ts';
import { keepRules, keptRules } from './kept.ts';

/** So long a start waits for policy rooms. After that what was kept holds until they are read. */
const START_MS = 5_000;
/** A room that could not be read is tried again after this, or when the bot is invited. */
const AGAIN_MS = 60_000;

export type PoliciesContext = Pick<Context, 'matrix' | 'storage' | 'clock' | 'log'>;

/**
 * Whom the policy rooms of the config ban. They are read as a whole at the start, whenever one of their
 * rules has changed, and now and then; nothing is believed that stands elsewhere.
 */
export class Policies {
  readonly #context: PoliciesContext;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  readonly #look = oneAtATime((room: string) => this.#lookAt(room));
  readonly #retries = new Map<string, () => void>();
  readonly #problems = new Map<string, string>();
  readonly #ids = new Map<string, MatrixRoomId>();
  #rooms: readonly string[] = [];
  #rules = new Map<string, readonly PolicyRule[]>();
  #banned: Banned = bannedBy([]);

  /** @param changed others are banned than before. */
  constructor(context: PoliciesContext, signal: AbortSignal, changed: () => void) {
    this.#context = context;
    this.#signal = signal;
    this.#changed = changed;
  }

  bans(userId: string): boolean {
    return this.#banned(userId);
  }

  /** Why a room cannot be read, by its name in the config. */
  get problems(): ReadonlyMap<string, string> {
    return this.#problems;
  }

  /** These rooms from now on. Resolves once they are read, or will not be for a while. */
  async follow(rooms: readonly string[], botIsThere: Promise<void>): Promise<void> {
    this.#rooms = rooms;
    this.#rules = await keptRules(this.#context.storage, rooms);
    for (const room of this.#problems.keys()) if (!rooms.includes(room)) this.#leave(room);
    this.#apply();
    if (rooms.length === 0) return;
    const all = botIsThere.then(() => this.lookAtAll());
    await Promise.race([all, pause(this.#context.clock, START_MS, this.#signal)]);
  }

  async lookAtAll(): Promise<void> {
    await Promise.all(this.#rooms.map((room) => this.#look(room)));
  }

  /** Something in a room may have changed its rules. */
  async heard(roomId: MatrixRoomId): Promise<void> {
    const its = this.#rooms.filter((room) => this.#ids.get(room) === roomId || room === roomId);
    await Promise.all(its.map((room) => this.#look(room)));
  }

  /** The bot is in one more room. */
  nudge(): void {
    for (const room of this.#problems.keys()) void this.#look(room);
  }

  stop(): void {
    for (const cancel of this.#retries.values()) cancel();
  }

  async #lookAt(room: string): Promise<void> {
    this.#retries.get(room)?.();
    this.#retries.delete(room);
    try {
      await this.#read(room);
      this.#solved(room);
    } catch (error) {
      if (!(error instanceof MatrixError)) throw error;
      if (!this.#signal.aborted && this.#rooms.includes(room)) this.#unsolved(room, error);
    }
  }

  async #read(room: string): Promise<void> {
    const { matrix, storage, log } = this.#context;
    const roomId = this.#ids.get(room) ?? (await matrix.joinNamed(room, matrix.bot));
    this.#ids.set(room, roomId);
    const rules = await matrix.policyRules(roomId, matrix.bot);
    if (!this.#rooms.includes(room) || sameJson(rules, this.#rules.get(room) ?? [])) return;
    log('info', 'Others are kept out by a policy room', { room, rules: rules.length });
    this.#rules.set(room, rules);
    // First: nobody is let in for a disk that is slow.
    this.#apply();
    await keepRules(storage, room, rules);
  }

  #apply(): void {
    this.#banned = bannedBy([...this.#rules.values()].flat());
    const { leftOut } = this.#banned;
    const { log } = this.#context;
    if (leftOut > 0)
      log('error', 'Rules of policy rooms are too many or too long, and not heeded', { leftOut });
    this.#changed();
  }

  #leave(room: string): void {
    this.#problems.delete(room);
    this.#retries.get(room)?.();
    this.#retries.delete(room);
  }

  #solved(room: string): void {
    if (this.#problems.delete(room))
      this.#context.log('info', 'A policy room is read again', { room });
  }

  #unsolved(room: string, error: MatrixError): void {
    const { clock, log } = this.#context;
    // Who cannot look into it may no longer be in it.
    this.#ids.delete(room);
    const level = this.#problems.get(room) === error.message ? 'debug' : 'error';
    this.#problems.set(room, error.message);
    log(level, 'A policy room cannot be read: its rules hold as they were last known', {
      room,
      rules: this.#rules.get(room)?.length ?? 0,
      error: error.message,
    });
    this.#retries.set(
      room,
      clock.after(AGAIN_MS, () => void this.#look(room)),
    );
  }
}
