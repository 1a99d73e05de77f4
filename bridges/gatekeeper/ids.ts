import { createHash } from 'node:crypto';
import {
  type RemoteChatId,
  type RemoteMessageId,
  type RemoteUserId,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
} from '#adapter';
import type { MessageId } from '#gia';

export const chatIdOf = (convId: string): RemoteChatId => remoteChatId(convId);
export const userIdOf = (userRef: string): RemoteUserId => remoteUserId(userRef);
/** What is said goes by the id of its container, as answers and edits name that. */
export const messageIdIn = (id: MessageId): RemoteMessageId => remoteMessageId(id);

/** The gatekeeper takes 128 characters before the `@`. */
const LONGEST = 128;

/** How a Matrix user is called over there: different users never alike, and only plain characters in it. */
export function visibleIdOf(
  userId: string,
  { domain, plainNamesOf }: { readonly domain: string; readonly plainNamesOf?: string | undefined },
): string {
  const [, localpart = '', server = ''] = /^@([^:]*):(.*)$/s.exec(userId) ?? [];
  const whole =
    server === plainNamesOf ? quoted(localpart) : `${quoted(localpart)}=40${quoted(server)}`;
  if (whole.length <= LONGEST) return `${whole}@${domain}`;
  const hash = createHash('sha256').update(userId).digest('hex').slice(0, 32);
  return `${whole.slice(0, LONGEST - hash.length - 3)}=2e${hash}@${domain}`;
}

/** As in quoted-printable: whatever is no plain character is `=` and two hex digits for each byte of it. */
const quoted = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((char) =>
      /[a-z0-9._-]/.test(char) ? char : `=${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
    )
    .join('');
