import type { Voice } from '../adapter/voice.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { VoiceRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import type { Networks } from './networks.ts';
import type { Permission } from './options.ts';
import type { Policies } from './policies/policies.ts';
import type { NetworkState, Standings } from './standings.ts';
import type { UserRates } from './user-rates.ts';
import { voiceId } from './voice-choice.ts';
import type { VoiceNow, Voices } from './voices.ts';

/** What somebody on Matrix is to the bridge now. */
export interface UserState {
  readonly user: MatrixUserId;
  readonly permission: Permission;
  readonly networks: readonly {
    readonly network: string;
    readonly isOptedOut: boolean;
    readonly isHeldBack: boolean;
    /** So much of what they said waits to go there. */
    readonly waiting: number;
    readonly voices: readonly (VoiceNow & { readonly kind: Voice['kind'] })[];
  }[];
}

/** A voice that has had nothing to do for so long. */
export interface Idle {
  readonly voice: VoiceId;
  readonly idleMs: number;
}

interface Parts {
  readonly networks: Networks;
  readonly voices: Voices;
  readonly rates: UserRates;
  readonly standings: Standings;
  readonly policies: Policies;
}

/** What an operator sees of the bridge while it runs, and does to what it has open. */
export class Overseer {
  readonly #context: Context;
  readonly #parts: Parts;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** Each network as it is now. */
  networks(): readonly NetworkState[] {
    return this.#context.networks.map(({ id }) => this.#parts.standings.of(id, this.#parts));
  }

  /** Policy rooms that cannot be read, with the reason. */
  policyProblems(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#parts.policies.problems);
  }

  async user(user: MatrixUserId): Promise<UserState> {
    const { networks, permission, optedOut, storage } = this.#context;
    const waiting = await storage.repairs.waitingOf(user);
    const one = async ({ id: network }: { id: string }) => ({
      network,
      isOptedOut: optedOut.has(network, user),
      isHeldBack: this.#parts.rates.isHeldBack(network, user),
      waiting: waiting.find((its) => its.network === network)?.waiting ?? 0,
      voices: await Promise.all(
        (await this.#voicesOf(network, user)).map(async ({ id, kind }) => ({
          ...{ kind, ...(await this.#parts.voices.now(id)) },
        })),
      ),
    });
    return {
      ...{ user, permission: permission(user) },
      networks: await Promise.all(networks.map(one)),
    };
  }

  /**
   * Closes the voices of somebody that are open, on one network or on all. It keeps nobody out: what waits of theirs,
   * or what they say next, opens them again. @returns those that were open.
   */
  async kill(
    user: MatrixUserId,
    how: { readonly network?: string | undefined; readonly reason?: string | undefined },
  ): Promise<readonly VoiceId[]> {
    const { voices } = this.#parts;
    const networks = this.#context.networks.filter(({ id }) => id === (how.network ?? id));
    const all = await Promise.all(networks.map(({ id }) => this.#voicesOf(id, user)));
    const open = all.flat().filter(({ id }) => voices.isOpen(id));
    await Promise.all(open.map(({ id }) => voices.rest(id, how.reason)));
    return open.map(({ id }) => id);
  }

  /**
   * Closes enlisted voices that have had nothing to do for so long, as far as this run of the bridge knows.
   * `isDry`: none. @returns them.
   */
  async reap(how: {
    readonly idleMs: number;
    readonly network?: string | undefined;
    readonly isDry?: boolean;
  }): Promise<readonly Idle[]> {
    const { voices } = this.#parts;
    const isMeant = (network: string) => network === (how.network ?? network);
    const mostMs = (network: string) => (isMeant(network) ? how.idleMs : Number.POSITIVE_INFINITY);
    const idle = voices.idle(mostMs).filter(({ id }) => voices.isOpen(id));
    if (!how.isDry) await Promise.all(idle.map(({ id }) => voices.rest(id)));
    return idle.map(({ id: voice, idleMs }) => ({ voice, idleMs }));
  }

  async #voicesOf(network: string, user: MatrixUserId): Promise<readonly VoiceRow[]> {
    const { voices } = this.#context.storage;
    const ids = (['login', 'enlisted'] as const).map((kind) => voiceId(network, kind, user));
    const rows = await Promise.all(ids.map((id) => voices.byId(id)));
    return rows.filter((row) => row !== undefined);
  }
}
