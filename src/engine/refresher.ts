import type { ChatView, RemoteUserId } from '../model/remote-ids.ts';
import { oneAtATime } from '../util/one-at-a-time.ts';
import type { Context } from './context.ts';
import { type RefreshParts, refreshRoom } from './members.ts';

/** Brings rooms and ghosts to what chats and people of the networks are now. */
export class Refresher {
  /** Many changes in a row are one look, and no look overtakes another. */
  readonly portal = oneAtATime((id: number) => this.#portalNow(id));
  readonly #context: Context;
  readonly #parts: RefreshParts;

  constructor(context: Context, parts: RefreshParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async chat(network: string, view: ChatView): Promise<void> {
    for (const portal of await this.#context.storage.portals.ofChat(network, view))
      await this.portal(portal.id);
  }

  /** Somebody without a ghost gets none for a new name. */
  async user(network: string, user: RemoteUserId): Promise<void> {
    const { names, storage } = this.#context;
    const { ghosts } = this.#parts;
    ghosts.changed(network, user);
    if (await storage.ghosts.byUserId(names.ghost(network, user)))
      await ghosts.exist(network, user);
  }

  async #portalNow(id: number): Promise<void> {
    const portal = await this.#context.storage.portals.byId(id);
    if (portal) await refreshRoom(this.#context, this.#parts, portal);
  }
}
