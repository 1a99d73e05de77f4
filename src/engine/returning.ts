import type { VoiceRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import type { Networks } from './networks.ts';
import { openLogin, openLogins } from './open-logins.ts';
import { reopenVoices } from './reopen.ts';
import type { Speakers } from './speakers.ts';
import type { Voices } from './voices.ts';

interface Parts {
  readonly networks: Pick<Networks, 'isOpen'>;
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly signal: AbortSignal;
}

/** Brings voices back that nobody asks for: because they listen, or because people of the network see them. */
export class Returning {
  readonly #context: Context;
  readonly #parts: Parts;

  constructor(context: Context, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** A network is open. */
  async to(network: string): Promise<void> {
    const { voices, signal } = this.#parts;
    await Promise.all([
      openLogins(this.#context, voices, network, signal),
      reopenVoices(this.#context, this.#parts, network, signal),
    ]);
  }

  /** An account is somebody's own since now: that of a login, or of an enlisted voice. */
  async loggedIn(row: VoiceRow): Promise<void> {
    const { voices, signal } = this.#parts;
    if (row.kind === 'login') await openLogin(this.#context, voices, row, { signal });
    else await reopenVoices(this.#context, this.#parts, row.network, signal);
  }

  /** Whoever may no longer speak goes at once. Whoever may again comes when they speak, and their logins now. */
  async permitted(): Promise<void> {
    const { networks, voices, signal } = this.#parts;
    await voices.closeShutOut();
    const open = this.#context.networks.filter(({ id }) => networks.isOpen(id));
    await Promise.all(open.map(({ id }) => openLogins(this.#context, voices, id, signal)));
  }
}
