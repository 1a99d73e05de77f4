/** What the other bridge has stored, whichever database it has. */
export interface OldData {
  readonly channels: readonly OldChannel[];
  readonly privateRooms: readonly OldPrivateRoom[];
  readonly adminRooms: readonly OldAdminRoom[];
  readonly people: readonly OldPerson[];
  /** Matrix users who are not to be bridged any more. */
  readonly deactivated: readonly string[];
  /** What there is besides, and how much of it. */
  readonly others: readonly { readonly what: string; readonly count: number }[];
}

export interface OldChannel {
  /** The server, as the config names it. */
  readonly domain: string;
  readonly channel: string;
  readonly room: string;
  /** `config`, `alias`, `join`, `provision`. Absent in what very old versions have written. */
  readonly origin?: string;
}

export interface OldPrivateRoom {
  readonly domain: string;
  readonly nick: string;
  readonly room: string;
  readonly userId: string;
}

export interface OldAdminRoom {
  readonly room: string;
  readonly userId: string;
}

export interface OldPerson {
  readonly domain: string;
  readonly userId: string;
  readonly nick?: string;
  readonly username?: string;
  /** As it is stored: encrypted. */
  readonly password?: string;
  readonly address?: string;
}

/** What is no text, or an empty one, is not there. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The settings of one person on one network, from the JSON that both databases keep of them. */
export function personIn(
  domain: string,
  userId: string,
  config: Readonly<Record<string, unknown>>,
  password: unknown,
): OldPerson {
  const nick = textIn(config['nick']);
  const username = textIn(config['username']);
  const secret = textIn(password);
  const address = textIn(config['ipv6']);
  return {
    domain,
    userId,
    ...(nick !== undefined && { nick }),
    ...(username !== undefined && { username }),
    ...(secret !== undefined && { password: secret }),
    ...(address !== undefined && { address }),
  };
}
