import { spokenIn } from './from-remote.ts';
import type { Clock } from './wire/clock.ts';
import { type Bucket, type FloodLimits, fullBucket, refill, spend } from './wire/flood.ts';
import { buildLine, type Line } from './wire/line.ts';

/** So that nobody can make us flood ourselves off. */
const LIMITS: FloodLimits = { burst: 3, intervalMs: 10_000, penaltyBytes: 0 };

const EXCUSE = 'I am a bridge, and read no private messages. Talk to somebody in a channel.';

/** A person offers a file or a chat, and would wait for it to be taken. */
const NO_DCC = 'I am on a bridge, which cannot take files or chats by DCC.';
const LONGEST_PING = 32;

/** Answers to what programs ask of programs. */
export class CtcpAnswers {
  private readonly clock: Clock;
  private readonly versionText: string;
  private bucket: Bucket;

  constructor(clock: Clock, versionText: string) {
    this.clock = clock;
    this.versionText = versionText;
    this.bucket = fullBucket(LIMITS, clock.now());
  }

  /** What somebody is told who talks to a program. */
  excuse(line: Line, words = EXCUSE): string | undefined {
    const isTalk = line.command === 'PRIVMSG' && spokenIn(line).kind === 'words';
    if (!isTalk || line.source?.user === undefined || !this.may()) return undefined;
    return buildLine('NOTICE', [line.source.nick, words]);
  }

  /** The line to answer with, if the line asks something that is answered, and not too often. */
  answer(line: Line): string | undefined {
    const spoken = spokenIn(line);
    if (line.command !== 'PRIVMSG' || !line.source || spoken.kind !== 'ctcp') return undefined;
    const words = this.answerTo(spoken.verb, spoken.rest);
    if (words === undefined || !this.may()) return undefined;
    return buildLine('NOTICE', [line.source.nick, words]);
  }

  /** What is asked for besides is for programs that we are not, and nobody waits for an answer. */
  private answerTo(verb: string, rest: string): string | undefined {
    const said = (words: string) => `\x01${verb} ${words}\x01`;
    if (verb === 'VERSION') return said(this.versionText);
    if (verb === 'TIME') return said(new Date(this.clock.now()).toUTCString());
    if (verb === 'PING' && rest.length <= LONGEST_PING) return said(rest);
    return verb === 'DCC' ? NO_DCC : undefined;
  }

  /** What somebody is told who invites us to where nobody of ours will come. */
  declined({ source, params: [, channel = ''] }: Line): string | undefined {
    if (source?.user === undefined || !this.may()) return undefined;
    return buildLine('NOTICE', [source.nick, `${channel} is not bridged to Matrix.`]);
  }

  private may(): boolean {
    this.bucket = refill(this.bucket, LIMITS, this.clock.now());
    if (this.bucket.tokens < 1) return false;
    this.bucket = spend(this.bucket, 1);
    return true;
  }
}
