import type { MatrixUserId } from '../model/matrix-ids.ts';
import { type RemoteUserId, remoteUserId } from '../model/remote-ids.ts';

/** A Matrix user id may be this long, all of it, in bytes. @see https://spec.matrix.org/v1.18/appendices/#user-identifiers */
const MAX_USER_ID_BYTES = 255;

/** No chat begins with it: it begins with a character that no network has in a name. */
const DIRECT = '=direct=';

/** The names that this bridge owns on its homeserver, and what they stand for. */
export interface Names {
  /** The ghost of somebody on a network. @throws {RangeError} when the id would be too long. */
  ghost(network: string, user: RemoteUserId): MatrixUserId;
  /** Whose ghost it is. `undefined`: not a ghost of any network of ours. */
  ghostOf(userId: string): { readonly network: string; readonly user: RemoteUserId } | undefined;
  /** The local part of a portal's alias. */
  aliasLocalpart(network: string, chat: string): string;
  /** The local part of the alias by which the room of a private chat is found again. Nobody joins by it. */
  directLocalpart(network: string, marker: string): string;
  /** What somebody means by an alias. `undefined`: not one of ours. */
  aliasOf(alias: string): { readonly network: string; readonly chat: string } | undefined;
}

/**
 * Ghosts are `@{prefix}{network}_{id}:{server}`, aliases `#{prefix}{network}_{chat}:{server}`.
 * A network's id has no underscore, so that the parts cannot run into one another.
 */
export function createNames(
  prefix: string,
  serverName: string,
  networks: readonly string[],
): Names {
  const server = `:${serverName}`;
  function split(text: string, sigil: string) {
    if (!text.startsWith(sigil + prefix) || !text.endsWith(server)) return undefined;
    const rest = text.slice(sigil.length + prefix.length, -server.length);
    const network = networks.find((id) => rest.startsWith(`${id}_`));
    if (network === undefined) return undefined;
    const local = rest.slice(network.length + 1);
    return local === '' ? undefined : { network, local };
  }
  return {
    ghost(network, user) {
      const id = `@${prefix}${network}_${escapeLocalpart(user)}${server}` as const;
      if (Buffer.byteLength(id) > MAX_USER_ID_BYTES)
        throw new RangeError(`The id of a ghost would be longer than ${MAX_USER_ID_BYTES} bytes`);
      return id as MatrixUserId;
    },
    ghostOf(userId) {
      const found = split(userId, '@');
      const user = found && unescapeLocalpart(found.local);
      return user === undefined || found === undefined
        ? undefined
        : { network: found.network, user: remoteUserId(user) };
    },
    aliasLocalpart: (network, chat) => `${prefix}${network}_${chat}`,
    directLocalpart: (network, marker) => `${prefix}${network}_${DIRECT}${marker}`,
    aliasOf(alias) {
      const found = split(alias, '#');
      if (!found || found.local.startsWith(DIRECT)) return undefined;
      return { network: found.network, chat: found.local };
    },
  };
}

/**
 * Any text as a local part that every homeserver takes, and back: `A` is `_a`, `_` is `__`, any other
 * byte outside `a-z 0-9 . -` is `=` and two hex digits.
 *
 * @see https://spec.matrix.org/v1.18/appendices/#mapping-from-other-character-sets
 */
export function escapeLocalpart(text: string): string {
  let escaped = '';
  for (const byte of Buffer.from(text.toWellFormed())) {
    const char = String.fromCharCode(byte);
    if (/[a-z0-9.-]/.test(char)) escaped += char;
    else if (/[A-Z]/.test(char)) escaped += `_${char.toLowerCase()}`;
    else if (char === '_') escaped += '__';
    else escaped += `=${byte.toString(16).padStart(2, '0')}`;
  }
  return escaped;
}

/** `undefined` when no text escapes to this. */
export function unescapeLocalpart(localpart: string): string | undefined {
  const bytes: number[] = [];
  const rest = localpart.replace(/[a-z0-9.-]|_[a-z_]|=[0-9a-f]{2}/gy, (token) => {
    bytes.push(byteOf(token));
    return '';
  });
  const text = Buffer.from(bytes).toString();
  return rest === '' && escapeLocalpart(text) === localpart ? text : undefined;
}

function byteOf(token: string): number {
  if (token.startsWith('=')) return Number.parseInt(token.slice(1), 16);
  if (token === '__') return 0x5f;
  return (token.startsWith('_') ? token.charAt(1).toUpperCase() : token).charCodeAt(0);
}
