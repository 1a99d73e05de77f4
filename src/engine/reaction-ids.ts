import { type RemoteMessageId, remoteMessageId } from '../model/remote-ids.ts';

/** What a link to a reaction remembers, so that taking it back can say what is taken back. */
export interface LinkedReaction {
  readonly target: RemoteMessageId;
  readonly emoji: string;
  /** Who reacted, where the network side did. */
  readonly sender?: string;
  /** Its own id, where the network gave one. */
  readonly id?: RemoteMessageId;
}

const PREFIX = 'reaction:';

/** A reaction stands among the links under a name made of what it is: many networks give it no id. */
export const reactionLinkId = ({ target, emoji, sender, id }: LinkedReaction): RemoteMessageId =>
  remoteMessageId(PREFIX + JSON.stringify([target, emoji, sender ?? null, id ?? null]));

/** `undefined`: the link is to a message. */
export function linkedReaction(link: RemoteMessageId): LinkedReaction | undefined {
  if (!link.startsWith(PREFIX)) return undefined;
  const [target, emoji, sender, id] = JSON.parse(link.slice(PREFIX.length)) as [
    RemoteMessageId,
    string,
    string | null,
    RemoteMessageId | null,
  ];
  return { target, emoji, ...(sender !== null && { sender }), ...(id !== null && { id }) };
}
