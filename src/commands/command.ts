import type { Context } from '../engine/context.ts';
import type { Ghosts } from '../engine/ghosts.ts';
import type { Logins } from '../engine/logins.ts';
import type { Networks } from '../engine/networks.ts';
import type { NetworkOptions } from '../engine/options.ts';
import type { Portals } from '../engine/portals.ts';
import { isPrivateRoom } from '../engine/private-rooms.ts';
import type { Speakers } from '../engine/speakers.ts';
import { mayHaveVoice } from '../engine/voice-choice.ts';
import type { Voices } from '../engine/voices.ts';
import type { MatrixEvent } from '../ports/matrix.ts';
import type { Answer } from './answer.ts';
import type { LinkQuestions } from './link-questions.ts';
import type { LoginDialogs } from './login-dialogs.ts';

/** Does what an operator asks for, as the bridge's own commands on its machine do. @throws {AskedWrongly} */
export type Operate = (what: string, asked: unknown) => Promise<unknown>;

/** What commands work with. */
export interface CommandTools {
  readonly context: Context;
  readonly networks: Networks;
  readonly portals: Portals;
  readonly logins: Logins;
  readonly voices: Voices;
  readonly speakers: Speakers;
  readonly ghosts: Ghosts;
  readonly operate: Operate;
  /** Aborts when the bridge stops. */
  readonly signal: AbortSignal;
}

export interface Call extends CommandTools {
  readonly dialogs: LoginDialogs;
  readonly questions: LinkQuestions;
  readonly event: MatrixEvent<'message'>;
  /** The network that the command is for. */
  readonly network: NetworkOptions;
  /** What stands after the command's name, as it was typed; and its words. */
  readonly rest: string;
  readonly args: readonly string[];
}

/** One command of the bot. */
export interface Command {
  readonly name: string;
  /** What it takes: `CHANNEL`. Empty: nothing. */
  readonly usage: string;
  /** One line for `help`. */
  readonly summary: string;
  /** Also for those who may not use the bridge. */
  readonly forEverybody?: true;
  /** Only for those who run the bridge, and where nobody else reads it. */
  readonly adminsOnly?: true;
  /**
   * Does it, and says what the sender is answered. Called again after a crash in the middle, so it
   * does what is not yet done.
   */
  run(call: Call): Promise<Answer>;
}

export const mayUse = ({ context, event }: Pick<Call, 'context' | 'event'>): boolean =>
  mayHaveVoice(context, event.sender);

export const isAdmin = ({ context, event }: Pick<Call, 'context' | 'event'>): boolean =>
  context.permission(event.sender) === 'admin';

export const ONLY_ADMINS = 'Only those who run the bridge may use this.';

/** Whether the sender decides about this room: by their power in it, or as an admin of the bridge. */
export async function mayDecide({ context, event }: Call): Promise<boolean> {
  if (isAdmin({ context, event })) return true;
  return context.matrix.maySetState(event.roomId, event.sender);
}

export const NOT_YOURS_TO_DECIDE =
  'You may not decide this: it takes the power to change the settings of this room.';

/** Whether nobody reads what is said in the room but its sender and the bot. */
export async function isPrivate({
  context,
  event,
}: Pick<Call, 'context' | 'event'>): Promise<boolean> {
  return isPrivateRoom(context, event.roomId, event.sender);
}
