export interface Namespace {
  readonly exclusive: boolean;
  readonly regex: string;
}

/**
 * What the homeserver and the bridge agree on: the file that both read.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#registration
 */
export interface Registration {
  readonly id: string;
  /** Where the homeserver calls the bridge. `null`: it does not, so nothing comes from Matrix. */
  readonly url: string | null;
  /** By which the homeserver knows the bridge. Secret. */
  readonly asToken: string;
  /** By which the bridge knows the homeserver. Secret. */
  readonly hsToken: string;
  /** The appservice's own user, which nobody sees. It is not the bot: it cannot `/sync`. */
  readonly senderLocalpart: string;
  readonly rateLimited: boolean;
  readonly receiveEphemeral: boolean;
  /** `receiveEphemeral` as homeservers knew it before it was in the specification. */
  readonly pushEphemeral: boolean;
  readonly protocols: readonly string[];
  readonly namespaces: {
    readonly users: readonly Namespace[];
    readonly aliases: readonly Namespace[];
    readonly rooms: readonly Namespace[];
  };
}

/** What a registration is made from. All of it stands in the config. */
export interface RegistrationOptions {
  readonly id: string;
  readonly url: string;
  /** Begins the local part of every user and alias of the bridge: `_bridge_`. */
  readonly prefix: string;
  readonly serverName: string;
  /** The ids of the networks: each becomes a part of its ghosts' names. */
  readonly networks: readonly string[];
  /** The kinds of networks, for clients that look for one. */
  readonly protocols: readonly string[];
}

/** The local part of the bridge bot, which lies in the users' namespace. */
export const botLocalpart = (prefix: string): string => `${prefix}bot`;
