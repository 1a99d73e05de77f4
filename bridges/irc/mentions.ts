import type { Mention, MessageBody } from '#adapter';

/** Somebody who may be named. */
export type Named = Pick<Extract<Mention, { user: unknown }>, 'user'> | { readonly voice: VoiceOf };
type VoiceOf = Extract<Mention, { voice: unknown }>['voice'];

export interface Naming {
  /** Who in the chat has this nick. */
  who(nick: string): Named | undefined;
  /** Nicks that are words as well: at the beginning of a line they mean somebody, elsewhere nobody. */
  isCommonWord(nick: string): boolean;
}

/** Whoever calls more people than this calls nobody. */
const MOST = 50;
/** What is an address or a path names nobody: with a scheme, with a host, or from the root. */
const ADDRESS = /:\/\/|^[/~#&]|\S@\S|[^\s.]\.[\p{L}\d]/u;
/** At the beginning of a line, the one who is spoken to. */
const ADDRESSED = /^(\S+?)([:,])(?=\s|$)/;
/** Whatever a nick may hold. @see isNick */
const NICK = /[\p{L}\p{N}[\]\\`_^{|}-]+/gu;

/** Who is named in a text. @see https://spec.matrix.org/v1.18/client-server-api/#user-and-room-mentions */
export function mentionsIn(text: string, naming: Naming): readonly Mention[] {
  const first = spokenTo(text, naming);
  const found = first ? [first] : [];
  for (const { nick, start } of nicksIn(text, first?.end ?? 0)) {
    if (found.length === MOST) break;
    const who = naming.isCommonWord(nick) ? undefined : naming.who(nick);
    if (who) found.push({ start, end: start + nick.length, ...who });
  }
  return found;
}

function spokenTo(text: string, naming: Naming): Mention | undefined {
  const nick = ADDRESSED.exec(text)?.[1];
  const who = nick === undefined ? undefined : naming.who(nick);
  return nick !== undefined && who ? { start: 0, end: nick.length, ...who } : undefined;
}

/** What could be a nick, and where. */
function* nicksIn(text: string, from: number) {
  for (const { 0: run, index } of text.matchAll(/\S+/g)) {
    if (ADDRESS.test(run)) continue;
    for (const { 0: nick, index: within } of run.matchAll(NICK))
      if (index + within >= from) yield { nick, start: index + within };
  }
}

/** A body with those who are named in it. */
export function withMentions(body: MessageBody, by: Naming | undefined): MessageBody {
  const mentions = by ? mentionsIn(body.text, by) : [];
  return mentions.length === 0 ? body : { ...body, mentions };
}

/** A text in which everybody has the name that they have on IRC. */
export function withNicks(
  { text, mentions = [] }: MessageBody,
  nickOf: (who: Named) => string | undefined,
): string {
  let written = '';
  let done = 0;
  for (const mention of mentions) {
    const nick = nickOf(mention);
    if (nick === undefined || mention.start < done) continue;
    written += text.slice(done, mention.start) + nick + spokenToSign(mention, text);
    done = mention.end;
  }
  return written + text.slice(done);
}

/** The same for the names that its HTML links to, which come in the same order. */
export function nicksByLabel(
  { text, mentions = [] }: MessageBody,
  nickOf: (who: Named) => string | undefined,
): (label: string) => string | undefined {
  let next = 0;
  return (label) => {
    const isMeant = ({ start, end }: Mention) => {
      const words = text.slice(start, end);
      return words === label || words.startsWith(`[${label}](`) || words.startsWith('@');
    };
    const index = mentions.findIndex((mention, at) => at >= next && isMeant(mention));
    const mention = mentions[index];
    if (!mention) return undefined;
    next = index + 1;
    const nick = nickOf(mention);
    return nick === undefined ? undefined : nick + spokenToSign(mention, text);
  };
}

/** Who is spoken to at the beginning of a text is so as people do on IRC. */
const spokenToSign = ({ start, end }: Mention, text: string): string =>
  start === 0 && /^ +\S/.test(text.slice(end)) ? ':' : '';
