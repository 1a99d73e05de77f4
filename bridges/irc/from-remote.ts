import {
  type ChatView,
  type MessageBody,
  type RemoteEvent,
  type RemoteHint,
  remoteMessageId,
  type VoiceId,
} from '#adapter';
import { answeredIn, reactionIn } from './client-tags.ts';
import { readFormatting } from './format.ts';
import { chatIdOf, messageIdOf, redactionKey, userIdOf } from './ids.ts';
import { type Naming, withMentions } from './mentions.ts';
import type { Features } from './wire/isupport.ts';
import type { Line, Source } from './wire/line.ts';

/** The client-only tag that carries a part's key, so that our own lines are known when they come back. */
export const KEY_TAG = '+drawbridge.dev/key';

/** What a line says: words, or something between two programs. */
export type Spoken =
  | { readonly kind: 'words'; readonly body: MessageBody }
  | { readonly kind: 'ctcp'; readonly verb: string; readonly rest: string };

/** Reads the words of a PRIVMSG or NOTICE. */
export function spokenIn({ command, params }: Line): Spoken {
  const text = params[1] ?? '';
  // Programs talk in single lines.
  const toPrograms = text.includes('\n') ? '' : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: CTCP is marked so
  const [, verb, rest = ''] = /^\x01([^\s\x01]+) ?(.*?)\x01?$/s.exec(toPrograms) ?? [];
  if (verb !== undefined && verb.toUpperCase() !== 'ACTION')
    return { kind: 'ctcp', verb: verb.toUpperCase(), rest };
  const as: MessageBody['as'] =
    verb !== undefined ? 'emote' : command === 'NOTICE' ? 'notice' : undefined;
  const body = { ...readFormatting(verb !== undefined ? rest : text), ...(as && { as }) };
  return { kind: 'words', body };
}

/** When the server says it happened. */
export function sentAtMs({ tags }: Line, nowMs: number): number {
  const time = Date.parse(tags.get('time') ?? '');
  return Number.isNaN(time) ? nowMs : time;
}

export interface Heard extends ChatView {
  readonly features: Features;
  readonly nowMs: number;
  /** Absent: nobody in it can be named. */
  readonly names?: Naming;
}

const SPOKEN = new Set(['PRIVMSG', 'NOTICE', 'TAGMSG', 'REDACT']);

/** Whether a line is one of those that people say, with words or without. */
export const isSpoken = ({ command }: Line): boolean => SPOKEN.has(command);

/** What somebody said or did with such a line. `undefined`: nothing for people. */
export function eventFrom(line: Line, view: Heard): RemoteEvent | undefined {
  if (!isSpoken(line)) return undefined;
  if (line.command === 'TAGMSG') return reactionFrom(line, view);
  return line.command === 'REDACT' ? removalFrom(line, view) : messageFrom(line, view);
}

/** A message as it was heard in a view. `undefined`: the line has no words for people. */
export function messageFrom(
  line: Line,
  view: Heard,
  echoOf?: string,
): RemoteEvent<'message'> | undefined {
  const spoken = spokenIn(line);
  const replyTo = answeredIn(line);
  if (!line.source || spoken.kind !== 'words') return undefined;
  return {
    kind: 'message',
    ...whoAndWhen(line, line.source, view),
    ...keyIn(line),
    id: messageIdOf(line),
    body: withMentions(spoken.body, view.names),
    ...(replyTo !== undefined && { replyTo }),
    ...(echoOf !== undefined && { echoOf }),
  };
}

/** Somebody reacted, or took it back. `undefined`: the line says no such thing. */
function reactionFrom(line: Line, view: Heard): RemoteEvent<'reaction'> | undefined {
  const reaction = reactionIn(line);
  if (!line.source || !reaction) return undefined;
  return {
    kind: 'reaction',
    ...whoAndWhen(line, line.source, view),
    ...keyIn(line),
    ...reaction,
  };
}

/** A message was taken back. `undefined`: the line says no such thing. */
function removalFrom(line: Line, view: Heard): RemoteEvent<'removal'> | undefined {
  const [, target] = line.params;
  if (!line.source || target === undefined) return undefined;
  return {
    kind: 'removal',
    ...whoAndWhen(line, line.source, view),
    key: redactionKey(target),
    target: remoteMessageId(target),
  };
}

const whoAndWhen = (line: Line, { nick }: Source, { chat, receiver, features, nowMs }: Heard) => ({
  chat,
  ...(receiver && { receiver }),
  sentAtMs: sentAtMs(line, nowMs),
  sender: userIdOf(nick, features),
});

const keyIn = ({ tags }: Line) => {
  const msgid = tags.get('msgid');
  return msgid ? { key: msgid } : {};
};

export interface Moved {
  readonly channel: string;
  /** Who did it. */
  readonly by: string;
  readonly nick: string;
  readonly is: RemoteEvent<'member'>['is'];
  readonly reason?: string | undefined;
  readonly voice?: VoiceId | undefined;
}

/** Somebody came to be in a channel, or no longer is. */
export function memberEvent(
  { channel, by, nick, is, reason, voice }: Moved,
  features: Features,
  atMs: number,
): RemoteEvent<'member'> {
  const text = readFormatting(reason ?? '').text;
  return {
    kind: 'member',
    chat: chatIdOf(channel, features),
    sentAtMs: atMs,
    sender: userIdOf(by, features),
    who: userIdOf(nick, features),
    is,
    ...(text !== '' && { reason: text }),
    ...(voice && { voice }),
  };
}

/** How long `active` holds unless it is said again. @see https://ircv3.net/specs/client-tags/typing */
const TYPING_MS = 6_000;

export function typingFrom(
  line: Line,
  { chat, receiver, features }: Heard,
): RemoteHint | undefined {
  const typing = line.tags.get('+typing');
  if (!line.source || typing === undefined) return undefined;
  const sender = userIdOf(line.source.nick, features);
  const forMs = typing === 'active' ? TYPING_MS : 0;
  return { kind: 'typing', chat, ...(receiver && { receiver }), sender, forMs };
}
