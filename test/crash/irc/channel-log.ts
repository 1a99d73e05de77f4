import type { IrcLine } from '../../live/support/irc-person.ts';
import type { Arrived, Said } from '../crossing.ts';
import { push, type SideRecord } from '../side.ts';

/** What somebody who only listens sees in a channel. Times as `performance.now` gives them. */
export type Seen =
  | { readonly is: 'said'; readonly text: string; readonly atMs: number }
  | { readonly is: 'bot in' | 'server gone'; readonly atMs: number };

const BOT = /^drawbridge[_\d]*$/;
const VOICE = /^(\w+)\[m\][_\d]*$/;

/** Makes of a listener's lines what people said in the channels, and what the bridge put there. */
export class ChannelLog implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, never>();
  readonly toldTwice = new Set<string>();
  readonly things = new Map<string, never>();
  /** By chat. */
  readonly seen = new Map<string, Seen[]>();
  readonly #heard = new Set<string>();

  take({ command, nick, params: [channel = '', text = ''], atMs }: IrcLine): void {
    const chat = channel.slice(1);
    if (command === 'JOIN' && BOT.test(nick)) push(this.seen, chat, { is: 'bot in', atMs });
    if (command !== 'PRIVMSG') return;
    const [, voice] = VOICE.exec(nick) ?? [];
    const [, relayed, words] = /^<(.*?)> (.*)$/.exec(text) ?? [];
    if (voice !== undefined) this.arrived.push({ what: 'message', text, chat, sender: voice });
    else if (BOT.test(nick))
      this.arrived.push({
        ...{ what: 'message', chat },
        ...{ text: words ?? text, sender: relayed ?? nick },
      });
    else this.#takeSaid({ what: 'message', text, chat, sender: nick }, atMs);
  }

  serverGone(chats: readonly string[]): void {
    for (const chat of chats) push(this.seen, chat, { is: 'server gone', atMs: performance.now() });
  }

  hasHeard(text: string): boolean {
    return this.#heard.has(text);
  }

  /** How much the listener has heard of people since the bot came in, and since `isThere` was heard. */
  behind(chat: string, isThere: (text: string) => boolean): number {
    const seen = this.seen.get(chat) ?? [];
    const last = seen.findLastIndex((each) =>
      each.is === 'said' ? isThere(each.text) : each.is === 'bot in',
    );
    return seen.slice(last + 1).filter(({ is }) => is === 'said').length;
  }

  /** When the bot had come into all of these since then. Absent: it has not. */
  botInSince(sinceMs: number, chats: readonly string[]): number | undefined {
    const times = chats.map(
      (chat) =>
        this.seen.get(chat)?.find(({ is, atMs }) => is === 'bot in' && atMs >= sinceMs)?.atMs,
    );
    return times.includes(undefined) ? undefined : Math.max(...times.map((atMs) => atMs ?? 0));
  }

  #takeSaid(said: Said, atMs: number): void {
    this.#heard.add(said.text);
    this.said.push(said);
    push(this.seen, said.chat, { is: 'said', text: said.text, atMs });
  }
}
