import type { Encoded, Handler, MatrixAction, Part, RemoteChatId, Sent } from '#adapter';
import { withoutLooks } from './looks.ts';
import { put } from './put.ts';
import { canRelay, relayedNick } from './relayed.ts';
import { failureOfAsk, linesIn, type Mouth, type NameOf, type Say, sentBy } from './say.ts';
import { textRoomBytes } from './to-remote.ts';
import { buildLine, type Line } from './wire/line.ts';
import type { Machine } from './wire/machine.ts';
import { sizeBytes } from './wire/split.ts';

const RELAY = 'RELAYMSG';
// biome-ignore lint/suspicious/noControlCharactersInRegex: CTCP is marked so
const ACTION = /^\x01ACTION (.*)\x01$/s;

/**
 * Says messages in channels under the names of those who speak, where the server lets the bot do so; else, and what
 * answers something, as the bot, which names them.
 */
export class Imitate implements Handler<'message'> {
  private readonly say: Say;
  private readonly mouth: Mouth;
  private readonly nameOf: NameOf;
  /** Where the bot was told that it may not. */
  private readonly refusedIn = new Set<RemoteChatId>();

  constructor(say: Say, mouth: Mouth, nameOf: NameOf) {
    this.say = say;
    this.mouth = mouth;
    this.nameOf = nameOf;
  }

  async encode(action: MatrixAction<'message'>): Promise<Encoded> {
    const plain = await this.say.encode(action);
    return { ...plain, parts: plain.parts.map((wire) => this.relayed(wire, action)) };
  }

  async send(part: Part<'message'>, signal: AbortSignal): Promise<Sent> {
    const { action, key } = part;
    const [line] = linesIn(part.wire);
    if (line?.command !== RELAY) return this.say.send(part, signal);
    const plain = { ...part, wire: this.plain(line, action) };
    try {
      const connection = this.mouth.connection();
      if (!canRelay(connection.state)) return await this.say.send(plain, signal);
      const answer = await put(connection, [line], { key, signal });
      if (answer === 'done' || 'line' in answer) return this.said(sentBy(answer), action);
    } catch (error) {
      throw failureOfAsk(error);
    }
    // Nobody has seen it.
    this.refusedIn.add(action.chat);
    return this.say.send(plain, signal);
  }

  /** No server passes the tag on by which our lines are known. */
  async lookup(part: Part<'message'>, signal: AbortSignal) {
    const isRelayed = linesIn(part.wire)[0]?.command === RELAY;
    return isRelayed ? 'cannot-tell' : this.say.lookup(part, signal);
  }

  private said(sent: Sent, { body }: MatrixAction<'message'>): Sent {
    this.say.words.said(sent.ids, body.text);
    return sent;
  }

  private relayed(wire: Uint8Array, action: MatrixAction<'message'>): Uint8Array {
    const [line, ...more] = linesIn(wire);
    if (!line || more.length > 0 || line.command !== 'PRIVMSG' || line.tags.size > 0) return wire;
    const [channel = '', named = ''] = line.params;
    const text = named.slice(this.name(action).length);
    const nick = this.nickFor(action, channel, text);
    return nick === undefined
      ? wire
      : Buffer.from(buildLine(RELAY, [channel, nick, inWords(text, action)]));
  }

  /** `undefined`: the bot says it. */
  private nickFor({ chat, speaker }: MatrixAction<'message'>, channel: string, text: string) {
    const { self } = this.mouth;
    if (!('caps' in self) || !canRelay(self as Machine) || this.refusedIn.has(chat))
      return undefined;
    const isShort =
      sizeBytes(text) <= textRoomBytes('PRIVMSG', channel, { features: self.features });
    return self.features.isChannel(channel) && isShort
      ? relayedNick(speaker, self as Machine)
      : undefined;
  }

  private plain({ params: [channel = '', , text = ''] }: Line, action: MatrixAction<'message'>) {
    const words = ACTION.exec(text)?.[1] ?? text;
    return Buffer.from(buildLine('PRIVMSG', [channel, this.name(action) + words]));
  }

  private name(action: MatrixAction<'message'>): string {
    const name = this.nameOf(action);
    return this.mouth.calling(action.chat).formatting === 'none' ? withoutLooks(name) : name;
  }
}

const inWords = (text: string, { body }: MatrixAction<'message'>): string =>
  body.as === 'emote' ? `\x01ACTION ${text}\x01` : text;
