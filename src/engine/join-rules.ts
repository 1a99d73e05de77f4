import type { Portal } from '../model/portal.ts';
import type { JoinOptions, NetworkOptions } from './options.ts';

/** When ghosts and voices come: with their people, or only to speak. */
export class JoinRules {
  /** Of each network, and within it of each chat that is named, by its id in small letters. */
  #ofNetworks: ReadonlyMap<string, JoinOptions> = new Map();
  #ofChats: ReadonlyMap<string, JoinOptions> = new Map();
  /** How many were in the chat of a portal when it was last looked at. */
  readonly #sizes = new Map<number, number>();

  constructor(networks: readonly NetworkOptions[]) {
    this.configure(networks);
  }

  /** For whoever comes from now on. */
  configure(networks: readonly NetworkOptions[]): void {
    this.#ofNetworks = new Map(networks.map(({ id, joins = {} }) => [id, joins]));
    this.#ofChats = new Map(
      networks.flatMap(({ id, chats = {} }) =>
        Object.entries(chats).map(([chat, joins]) => [keyOf(id, chat), joins] as const),
      ),
    );
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
    return { ...this.#ofNetworks.get(network), ...this.#ofChats.get(keyOf(network, chat)) };
  }
}

/** As people write a chat, whom nothing tells whether its network tells small letters from large ones. */
const keyOf = (network: string, chat: string): string => `${network} ${chat.toLowerCase()}`;
