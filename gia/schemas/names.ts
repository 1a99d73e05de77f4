/** A conversation, as the room in what is said (MIMI content). `domain` is that of the gatekeeper, whose conversation it is. */
export const conversationUri = (domain: string, convId: string): string =>
  `mimi://${domain}/r/${convId}`;
