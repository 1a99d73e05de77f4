import type { Portal } from '../model/portal.ts';
import type { JoinOptions, NetworkOptions } from './options.ts';

/** When ghosts and voices come: with their people, or only to speak. */
export class JoinRules {
  readonly #networks: readonly NetworkOptions[];
  /** How many were in the chat of a portal when it was last looked at. */
  readonly #sizes = new Map<number, number>();

  constructor(networks: readonly NetworkOptions[]) {
    this.#networks = networks;
  }

  /** So many are in its chat now. */
  noted({ id }: Portal, size: number): void {
    this.#sizes.set(id, size);
  }

  /** Whether the ghosts of all who are in the chat come into the room. */
  comeAll(portal: Portal): boolean {
    const { ghostsJoin = 'all' } = this.#of(portal);
    return (ghostsJoin === 'all' || ghostsJoin === 'initial') && !this.#isBig(portal);
  }

  /** Whether the ghost of somebody who comes does so, too. */
  comes(portal: Portal): boolean {
    const { ghostsJoin = 'all' } = this.#of(portal);
    return (ghostsJoin === 'all' || ghostsJoin === 'changes') && !this.#isBig(portal);
  }

  /** Whether the voice of somebody who comes into the room does so over there. */
  enters(portal: Portal): boolean {
    return this.#of(portal).voicesJoin !== 'speaking';
  }

  /** Before it was looked at for the first time it may be: who comes is in the look. */
  #isBig(portal: Portal): boolean {
    const { ghostsJoinMost } = this.#of(portal);
    return (
      ghostsJoinMost !== undefined &&
      (this.#sizes.get(portal.id) ?? Number.POSITIVE_INFINITY) > ghostsJoinMost
    );
  }

  #of({ network, chat }: Portal): JoinOptions {
    const options = this.#networks.find(({ id }) => id === network);
    return { ...options?.joins, ...options?.chats?.[chat] };
  }
}
