import type { ChatInfo } from '../adapter/info.ts';
import type { MatrixRoomId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { Context } from './context.ts';
import { refusedIsFalse } from './refused-is-false.ts';

/** Which of the rooms that the bridge made are in the homeserver's directory, each under its network. */
export class Directory {
  readonly #context: Context;
  /** As they were left since the start: nobody else changes it. */
  readonly #shown = new Map<MatrixRoomId, boolean>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Brings a room in or takes it out, by what the config says and the chat is. Not known: it stays. */
  async refresh(portal: Portal, access: ChatInfo['access']): Promise<void> {
    if (portal.origin !== 'alias') return;
    const options = this.#context.networks.find(({ id }) => id === portal.network);
    if (!options?.publishRooms) await this.#show(portal, false);
    else if (access) await this.#show(portal, !access.isByInvitation && !access.isHidden);
  }

  /** Takes the room of a chat out that is no longer bridged. */
  async forget(portal: Portal): Promise<void> {
    if (portal.origin === 'alias') await this.#show(portal, false);
    this.#shown.delete(portal.roomId);
  }

  async #show({ network, roomId }: Portal, isShown: boolean): Promise<void> {
    if (this.#shown.get(roomId) === isShown) return;
    const { matrix, log } = this.#context;
    if (!(await refusedIsFalse(matrix.setListed(network, roomId, isShown))))
      log('info', 'The homeserver lets no room into its directory', { roomId, network });
    this.#shown.set(roomId, isShown);
  }
}
