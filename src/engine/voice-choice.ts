import type { Voice } from '../adapter/voice.ts';
import type { MatrixUserId } from '../model/matrix-ids.ts';
import type { Portal } from '../model/portal.ts';
import type { VoiceId } from '../model/remote-ids.ts';
import type { VoiceRow } from '../ports/store.ts';
import type { Context } from './context.ts';
import type { NetworkOptions } from './options.ts';
import { tellPrivacy } from './privacy.ts';

/** Stored: changing it needs a migration. */
export const voiceId = (network: string, kind: Voice['kind'], user?: MatrixUserId): VoiceId =>
  (user === undefined ? `${network}/${kind}` : `${network}/${kind}/${user}`) as VoiceId;

/** Whether somebody may speak with more than the relay. */
export const mayHaveVoice = ({ permission }: Pick<Context, 'permission'>, user: string): boolean =>
  ['use', 'admin'].includes(permission(user));

interface Wanted {
  readonly kind: Voice['kind'];
  readonly user: MatrixUserId | undefined;
  readonly given?: () => void;
}

/** Chooses the voice that somebody speaks with, by configuration and permission. */
export class VoiceChoice {
  readonly #context: Context;
  /** A voice that was refused is passed over. */
  readonly #isUsable: (id: VoiceId) => boolean;

  constructor(context: Context, isUsable: (id: VoiceId) => boolean) {
    this.#context = context;
    this.#isUsable = isUsable;
  }

  /** The voice that a sender speaks with in a portal, the first that is possible. `undefined`: none. */
  async pick(portal: Portal, sender: MatrixUserId): Promise<VoiceRow | undefined> {
    if (this.#context.optedOut.has(portal.network, sender)) return undefined;
    if (portal.receiver !== undefined) return this.#receiverOf(portal.receiver, sender);
    const options = this.#context.networks.find(({ id }) => id === portal.network);
    if (!options) return undefined;
    for (const kind of this.#kindsFor(options, sender)) {
      const user = kind === 'relay' ? undefined : sender;
      const given = () => void tellPrivacy(this.#context, portal, sender);
      const found = await this.#row(options, { kind, user, given });
      if (found && this.#isUsable(found.id)) return found;
    }
    return undefined;
  }

  /** The login or enlisted voice of a user. `undefined`: they may not have one. */
  async own(options: NetworkOptions, user: MatrixUserId): Promise<VoiceRow | undefined> {
    if (this.#context.optedOut.has(options.id, user)) return undefined;
    for (const kind of this.#kindsFor(options, user)) {
      const found = kind === 'relay' ? undefined : await this.#row(options, { kind, user });
      if (found) return found;
    }
    return undefined;
  }

  /** In a private chat nobody speaks but the one whose it is. */
  async #receiverOf(id: VoiceId, sender: MatrixUserId): Promise<VoiceRow | undefined> {
    const only = await this.#context.storage.voices.byId(id);
    return only?.userId === sender ? only : undefined;
  }

  /** A ghost of another network, or the bot, speaks through the relay. */
  #kindsFor(options: NetworkOptions, sender: MatrixUserId): readonly Voice['kind'][] {
    const { permission, names, matrix } = this.#context;
    const offered = options.voices.filter((kind) => options.adapter.voices.includes(kind));
    const onlyRelay = offered.filter((kind) => kind === 'relay');
    if (sender === matrix.bot || names.ghostOf(sender)) return onlyRelay;
    const allowed = permission(sender);
    if (allowed === 'none') return [];
    return allowed === 'relay' ? onlyRelay : offered;
  }

  /** @param wanted `given` is called as an identity is taken out that there never was. */
  async #row(
    { id: network }: NetworkOptions,
    { kind, user, given }: Wanted,
  ): Promise<VoiceRow | undefined> {
    const { voices } = this.#context.storage;
    const id = voiceId(network, kind, user);
    const known = await voices.byId(id);
    if (known || kind === 'login') return known;
    const made: VoiceRow = { id, network, kind, ...(user && { userId: user }), isOut: false };
    await voices.save(made);
    if (kind === 'enlisted') given?.();
    return made;
  }
}
