import type { Standing } from '../adapter/voice.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { Networks } from './networks.ts';
import type { UserRates } from './user-rates.ts';
import type { Voices } from './voices.ts';

export interface NetworkState {
  readonly network: string;
  readonly isOpen: boolean;
  readonly voices: number;
  /** So many Matrix users said more than they may within the last minute. */
  readonly heldBack: number;
  /** Why it cannot be opened, or is away though it is open. */
  readonly problem?: string;
  /** What was last reported of one of its voices or of itself, over or not. */
  readonly lastError?: { readonly atMs: number; readonly voice?: VoiceId; readonly text: string };
}

/** What networks have said of how they stand, for whoever looks. */
export class Standings {
  readonly #away = new Map<string, string>();
  readonly #lastErrors = new Map<string, NonNullable<NetworkState['lastError']>>();

  heard(network: string, standing: Standing, at: { voice?: VoiceId; nowMs: number }): void {
    const { voice, nowMs: atMs } = at;
    if (standing.is === 'ready') {
      if (voice === undefined) this.#away.delete(network);
      return;
    }
    const text = standing.error.message;
    if (voice === undefined) this.#away.set(network, text);
    this.#lastErrors.set(network, { atMs, text, ...(voice !== undefined && { voice }) });
  }

  /** How a network stands now. */
  of(
    network: string,
    parts: { readonly networks: Networks; readonly voices: Voices; readonly rates: UserRates },
  ): NetworkState {
    const problem = parts.networks.whyNotOpen(network) ?? this.#away.get(network);
    const lastError = this.#lastErrors.get(network);
    return {
      network,
      isOpen: parts.networks.isOpen(network),
      voices: parts.voices.countOpen(network),
      heldBack: parts.rates.countHeldBack(network),
      ...(problem !== undefined && { problem }),
      ...(lastError && { lastError }),
    };
  }
}
