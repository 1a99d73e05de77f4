/** Something that an operator runs for one kind of network: `drawbridge irc import`. */
export interface OperatorCommand {
  /** One word in lower case. */
  readonly name: string;
  /** One line for `--help`, without a full stop. */
  readonly summary: string;
  /** Arguments that must be given, by name. */
  readonly needs?: readonly string[];
  readonly flags?: readonly OperatorFlag[];
  /**
   * @returns 0: done. 1: it failed. 2: somebody has to mend something first.
   * @throws {BridgeError} `not_allowed`: the same as 2, and its message says what.
   */
  run(call: OperatorCall): Promise<0 | 1 | 2>;
}

export interface OperatorFlag {
  /** As it is typed: `--dry-run`, or with a value `--key <file>`. */
  readonly flags: string;
  readonly description: string;
}

/** Somebody runs a command of a network. No bridge runs in this process. */
export interface OperatorCall {
  readonly args: readonly string[];
  /** By the name of the flag, in camel case: `dryRun`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** What relative paths are meant from. */
  readonly cwd: string;
  /** A line of what was asked for. */
  out(line: string): void;
  /**
   * Takes over what another bridge had: writes a config, if there is none, and fills the database. What is
   * there already stays as it is, so that it can be done again.
   *
   * @param how `write`: false only says what would become of it, and makes no file.
   * @returns one for the config, each portal and each person, in this order.
   * @throws What the program tells the operator: a config that is wrong, a database that is in use.
   */
  adopt(adoption: Adoption, how: { readonly write: boolean }): Promise<readonly Adopted[]>;
}

/** What another bridge had, in terms of this one. */
export interface Adoption {
  /** The whole config, as it is written in its file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly portals: readonly AdoptedPortal[];
  readonly people: readonly AdoptedPerson[];
}

/** A room that stays linked. The bridge comes into it when it runs and is let in. */
export interface AdoptedPortal {
  readonly network: string;
  /** By the name that people of the network give it. */
  readonly chat: string;
  readonly room: string;
  /** `alias`: whoever asks for the chat comes into this room. `command`: somebody had linked it. */
  readonly origin: 'alias' | 'command';
  /** Whether name, topic, members and power levels of the room follow the chat. One of its portals at most. */
  readonly ownsRoom: boolean;
}

/** A Matrix user with an enlisted voice, and what the adapter keeps for it. */
export interface AdoptedPerson {
  readonly network: string;
  readonly userId: string;
  readonly state: Readonly<Record<string, Uint8Array>>;
}

/**
 * `new`: taken over. `there`: it was so already. `other`: something else is there, and stays.
 * Of a portal that is `there` the bridge may have to be let into the room yet.
 */
export type Adopted = 'new' | 'there' | 'other';
