import type { RemoteChatId } from '../model/remote-ids.ts';
import type { Found } from './info.ts';
import type { NetworkSession } from './session.ts';
import type { Speaker, Voice } from './voice.ts';

/** Something that people ask of one network through the bot: `!irc whois bob`. */
export interface NetworkCommand {
  /** One word in lower case. Where the bot has a command of the same name, that one is meant. */
  readonly name: string;
  /** What it takes: `NICK`. Empty: nothing. */
  readonly usage: string;
  /** One line for the bot's `help`. */
  readonly summary: string;
  /** Only for those who run the bridge. */
  readonly adminsOnly?: true;

  /**
   * Does it, and says what the asker is told: in words of their own world, also when it could not be
   * done. At most once for each asking: after a crash in the middle the asker is told that nobody
   * knows. Messages of the same room wait for it, so it gives up when `signal` aborts.
   *
   * @throws {BridgeError} for what any network can fail at. The core has words for it.
   */
  run(call: CommandCall, signal: AbortSignal): Promise<string>;
}

/** Somebody asks for a command. */
export interface CommandCall {
  /** What stands after the name. People typed it: it may hold anything, line breaks too. */
  readonly words: string;
  readonly speaker: Speaker;
  /** The chat that the room is linked to. Absent: none of this network, or several. */
  readonly chat?: RemoteChatId;
  /** The asker's own voice. Absent: they may have none. */
  readonly voice?: OwnVoice;
  /**
   * Invites the asker into the room of what they mean by a name (`Network.resolve`): a chat, or a
   * private chat with somebody. It is made if there is none.
   *
   * @returns what it was. `undefined`: nothing has that name.
   * @throws {BridgeError} `not_allowed` where they have no voice that could talk in private.
   */
  invite(name: string): Promise<Found | undefined>;
}

/** The voice of whoever asks, as a command may use it. */
export interface OwnVoice extends Voice {
  /** Whether it is open, or being opened, at this moment. */
  readonly isOpen: boolean;
  /** Opened if need be. @throws {BridgeError} as `Network.session` does. */
  open(): Promise<NetworkSession>;
  /** Lets go of it until its person speaks again. */
  letGo(): Promise<void>;
}
