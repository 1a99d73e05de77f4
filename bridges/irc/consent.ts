import { randomInt } from 'node:crypto';
import { BridgeError, type LinkQuestion, type LinkWish, type RemoteChatId } from '#adapter';
import type { ChannelSet } from './channel-set.ts';
import { howTo, wordsOf } from './consent-words.ts';
import { spokenIn } from './from-remote.ts';
import { targetOf } from './ids.ts';
import { operatorsOf } from './operators.ts';
import type { OurNicks } from './our-nicks.ts';
import { failureOfAsk } from './say.ts';
import type { Connection } from './wire/connection.ts';
import { type Bucket, type FloodLimits, fullBucket, refill, spend } from './wire/flood.ts';
import type { Features } from './wire/isupport.ts';
import { buildLine, type Line, maskOf, type Source } from './wire/line.ts';
import type { Link } from './wire/link.ts';
import { splitText } from './wire/split.ts';

/** Of one operator, who may be one of many channels. */
const LIMITS: FloodLimits = { burst: 3, intervalMs: 600_000, penaltyBytes: 0 };
const MOST_REMEMBERED = 1_000;
const LINE_BYTES = 350;
/** ChanServ and its like are operators in many channels, and answer nobody. */
const PROGRAM = /serv$/i;
const CHECK_MS = 20_000;

/** The bot, who asks. */
export interface ConsentUser {
  readonly features: Features;
  readonly nicks: OurNicks;
  readonly channels: ChannelSet;
  readonly link: Link;
  now(): number;
  /** Unless too much is to be said to too many. */
  reply(to: Line, words: string): void;
}

interface Open {
  readonly chat: RemoteChatId;
  readonly channel: string;
  /** Said with a yes, so that none is taken for the answer to another question, such as one from before a start. */
  readonly code: string;
  readonly settle: (word: Awaited<LinkQuestion['answer']>) => void;
}

/** Asks operators of channels whether these may be bridged, and takes their answers. */
export class Consent {
  private readonly bot: ConsentUser;
  /** By folded nick: nobody has two to answer at a time. */
  private readonly open = new Map<string, Open>();
  private readonly buckets = new Map<string, Bucket>();

  constructor(bot: ConsentUser) {
    this.bot = bot;
  }

  /** @throws {BridgeError} */
  async ask(wish: LinkWish, signal: AbortSignal): Promise<LinkQuestion> {
    const { chat, whom } = wish;
    const { channels, features } = this.bot;
    const channel = channels.get(chat)?.name ?? targetOf(chat);
    const ended = (then: () => void) => signal.addEventListener('abort', then, { once: true });
    ended(() => void channels.endVisit(chat).catch(() => {}));
    const nick = this.choose(await this.operators(chat, channel, signal), channel, whom);
    signal.throwIfAborted();
    const code = String(randomInt(1_000, 10_000));
    const answer: LinkQuestion['answer'] = new Promise((settle) =>
      this.open.set(features.fold(nick), { chat, channel, code, settle }),
    );
    ended(() => this.open.delete(features.fold(nick)));
    await this.put(nick, [wordsOf(wish, channel), howTo(code, wish.forMs)], signal);
    return { whom: nick, answer };
  }

  /** Takes what somebody says to the bot. False: they were asked nothing. */
  hear(line: Line): boolean {
    const { source } = line;
    const spoken = spokenIn(line);
    const open = source && this.open.get(this.bot.features.fold(source.nick));
    if (!open || line.command !== 'PRIVMSG' || spoken.kind !== 'words') return false;
    const [, word = '', code] = /^\W*(yes|no)\b\W*(\w*)/i.exec(spoken.body.text) ?? [];
    if (/^no$/i.test(word)) {
      open.settle('no');
      this.bot.reply(line, `${open.channel} is not bridged.`);
    } else if (code === open.code) void this.agreed(line, source, open);
    else this.bot.reply(line, howTo(open.code));
    return true;
  }

  /** Who said yes may be no operator any more, or somebody else of that nick. */
  private async agreed(line: Line, { nick, ...rest }: Source, { chat, channel, settle }: Open) {
    const { fold } = this.bot.nicks;
    const mask = maskOf({ nick, ...rest });
    const isIt = (one: Source) =>
      fold(one.nick) === fold(nick) && [undefined, mask].includes(maskOf(one));
    try {
      const all = await this.operators(chat, channel, AbortSignal.timeout(CHECK_MS));
      const mayDecide = all.some(isIt);
      settle(mayDecide ? 'yes' : 'not-theirs');
      const no = `You are no operator of ${channel}: it is not bridged.`;
      this.bot.reply(line, mayDecide ? `Thank you: ${channel} is being bridged.` : no);
    } catch {
      this.bot.reply(
        line,
        `It cannot be seen now who may decide about ${channel}: say it again later.`,
      );
    }
  }

  /** From outside nobody sees who is in it, or not all of them. */
  private async operators(chat: RemoteChatId, channel: string, signal: AbortSignal) {
    await this.bot.channels.visit(chat);
    return operatorsOf(this.connection(), channel, signal);
  }

  private connection(): Connection {
    const { current } = this.bot.link;
    if (current) return current;
    throw new BridgeError('unreachable', 'The bot is not connected', { effect: 'none' });
  }

  /** @throws {BridgeError} */
  private choose(operators: readonly Source[], channel: string, whom?: string): string {
    const { fold } = this.bot.nicks;
    const isOurs = (nick: string) => this.bot.nicks.now(nick) !== undefined;
    const fitting =
      whom === undefined
        ? operators.filter(({ nick }) => !isOurs(nick) && !PROGRAM.test(nick))
        : operators.filter(({ nick }) => fold(nick) === fold(whom));
    if (fitting.length === 0)
      throw nobody(
        whom === undefined
          ? `no operator of ${channel} is there`
          : `${whom} is no operator of ${channel}`,
      );
    const free = fitting.filter(({ nick }) => this.mayBeAsked(fold(nick)));
    const chosen = free[randomInt(Math.max(1, free.length))];
    if (!chosen) throw nobody(`the operators of ${channel} were asked enough lately`);
    this.spend(fold(chosen.nick));
    return chosen.nick;
  }

  private mayBeAsked(name: string): boolean {
    return !this.open.has(name) && this.bucketOf(name).tokens >= 1;
  }

  private bucketOf(name: string): Bucket {
    const now = this.bot.now();
    return refill(this.buckets.get(name) ?? fullBucket(LIMITS, now), LIMITS, now);
  }

  private spend(name: string): void {
    const bucket = spend(this.bucketOf(name), 1);
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    const [oldest] = this.buckets.keys();
    if (this.buckets.size > MOST_REMEMBERED && oldest !== undefined) this.buckets.delete(oldest);
  }

  private async put(nick: string, words: readonly string[], signal: AbortSignal): Promise<void> {
    const connection = this.connection();
    const lines = words.flatMap((text) => splitText(text, LINE_BYTES));
    try {
      for (const text of lines) await connection.write(buildLine('PRIVMSG', [nick, text]), signal);
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}

const nobody = (words: string) => new BridgeError('not_allowed', words, { effect: 'none', words });
