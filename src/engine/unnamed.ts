import { type RemoteMessageId, remoteMessageId } from '../model/remote-ids.ts';

const PREFIX = 'unnamed:';

/** Stands in a link for a message that got over, on a network that gives no ids: that it did is worth knowing. */
export const unnamedId = (eventId: string): RemoteMessageId => remoteMessageId(PREFIX + eventId);

/** Those that the network knows too. Only they may be handed to an adapter. */
export const knownIds = (links: readonly { readonly remoteId: RemoteMessageId }[]) =>
  links.map(({ remoteId }) => remoteId).filter((id) => !id.startsWith(PREFIX));
