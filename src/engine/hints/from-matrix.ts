import type { Hint } from '../../adapter/remote-event.ts';
import type { MatrixEventId, MatrixRoomId, MatrixUserId } from '../../model/matrix-ids.ts';
import type { Portal } from '../../model/portal.ts';
import type { Context } from '../context.ts';
import type { Voices } from '../voices.ts';
import type { Newest } from './newest.ts';
import { Typing } from './typing.ts';

/**
 * Passes on to the networks what Matrix users do in passing: each through a voice of their own that
 * is open. None is opened for it, and the relay never says who reads or types; so what a ghost
 * does, which has no voice, never goes back.
 */
export class MatrixHints {
  readonly #context: Context;
  readonly #voices: Pick<Voices, 'ownIn' | 'openOf'>;
  readonly #newest: Newest;
  readonly #typing = new Typing();

  constructor(context: Context, voices: Pick<Voices, 'ownIn' | 'openOf'>, newest: Newest) {
    this.#context = context;
    this.#voices = voices;
    this.#newest = newest;
  }

  /** The ephemeral part of a transaction. Nobody waits for it, and nothing in it is an error. */
  heard(ephemeral: readonly unknown[]): void {
    const { matrix } = this.#context;
    for (const edu of ephemeral) {
      const hint = matrix.parseHint(edu);
      if (hint?.kind === 'typing') this.#typed(hint.roomId, hint.who);
      if (hint?.kind === 'presence') this.#isThere(hint.who, hint.away);
      if (hint?.kind !== 'read') continue;
      for (const { who, upTo } of hint.reads) this.#read(hint.roomId, who, upTo);
    }
  }

  #typed(roomId: MatrixRoomId, who: readonly MatrixUserId[]): void {
    const nowMs = this.#context.clock.now();
    for (const { who: userId, forMs } of this.#typing.changed(roomId, who, nowMs))
      this.#pass(roomId, userId, 'typing', async () => ({ kind: 'typing', forMs }));
  }

  /** On every network on which they have a voice out. */
  #isThere(who: MatrixUserId, away: string | undefined): void {
    this.#newest.put(JSON.stringify([who, 'presence']), async () => {
      for (const session of await this.#voices.openOf(who)) session.away?.(away);
    });
  }

  #read(roomId: MatrixRoomId, who: MatrixUserId, upTo: MatrixEventId): void {
    const { links } = this.#context.storage;
    this.#pass(roomId, who, 'read', async ({ id }) => {
      const last = (await links.ofEvent(id, upTo)).at(-1);
      return last && { kind: 'read', upTo: last.remoteId };
    });
  }

  #pass(
    roomId: MatrixRoomId,
    who: MatrixUserId,
    kind: Hint['kind'],
    hintFor: (portal: Portal) => Promise<Hint | undefined>,
  ): void {
    const { portals } = this.#context.storage;
    this.#newest.put(JSON.stringify([roomId, who, kind]), async () => {
      for (const portal of await portals.ofRoom(roomId)) {
        const session = portal.encrypted ? undefined : await this.#voices.ownIn(portal, who);
        const hint = session?.hint && (await hintFor(portal));
        if (hint) session.hint?.(portal.chat, hint);
      }
    });
  }
}
