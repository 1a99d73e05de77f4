import { setTimeout as sleep } from 'node:timers/promises';
import {
  BridgeError,
  type Hint,
  type Host,
  type MatrixActionKind,
  type NetworkSession,
  type RemoteChatId,
  type RemoteUserId,
  type Speaker,
  type Voice,
} from '#adapter';
import { Absence } from './away.ts';
import type { IrcConfig } from './config.ts';
import { Correct } from './correct.ts';
import { CtcpAnswers } from './ctcp.ts';
import { backOffOf, dialAsEnlisted, failureOfVoice, type Site } from './dial.ts';
import { Empower } from './empower.ts';
import { EventQueue } from './event-queue.ts';
import { eventFrom, memberEvent, sentAtMs, typingFrom } from './from-remote.ts';
import { chatIdOf, isChannelChat, targetOf, userIdOf } from './ids.ts';
import { Ignored } from './ignored.ts';
import type { Naming } from './mentions.ts';
import { Moderate } from './moderate.ts';
import { botOf, mouthOf, standing } from './mouths.ts';
import { callOf } from './naming.ts';
import { notBelieved } from './not-believed.ts';
import type { Observer } from './observer.ts';
import type { Former } from './our-nicks.ts';
import { type OwnAccount, ownAccountOf } from './own-account.ts';
import {
  inChannelsOnly,
  mayTalkInPrivate,
  NOT_PRIVATE,
  type Sayer,
  switchedOff,
} from './private-talk.ts';
import { proveLate } from './prove.ts';
import { React } from './react.ts';
import { Redact } from './redact.ts';
import { regain } from './regain.ts';
import { Retitle } from './retitle.ts';
import { Say } from './say.ts';
import { partingWords, typingLine } from './to-remote.ts';
import { Typing } from './typing.ts';
import { VoiceChannels } from './voice-channels.ts';
import { Closed, type Connection } from './wire/connection.ts';
import type { Features } from './wire/isupport.ts';
import { buildLine, type Line, type Source } from './wire/line.ts';
import { Link, type LinkUser } from './wire/link.ts';
import { isSelf, type WireEvent } from './wire/machine.ts';

/** The core waits for so long for a first connection; beyond that it is told when to come again. */
const PATIENCE_MS = 20_000;
/** Where the nick that somebody chose is kept. */
const NICK = 'nick';
/** What most servers allow, where the bot's connection was not told. */
export const NICK_LENGTH = 30;

/** A Matrix user with a nick of their own, on a connection of their own. */
export class EnlistedSession implements NetworkSession, LinkUser {
  readonly on: NetworkSession['on'];
  /** Whose words to it alone it does not hear. */
  readonly ignored: Ignored;
  /** Whether its person is away. */
  readonly absence: Absence;
  private readonly link: Link;
  private readonly host: Host<IrcConfig>;
  private readonly site: Site;
  private readonly observer: Observer;
  private readonly voice: Voice;
  private readonly speaker: Speaker;
  private readonly events: EventQueue;
  private readonly ctcp: CtcpAnswers;
  private readonly typing: Typing;
  private readonly former: Former = { nick: undefined };
  /** What its person wants to be called. Absent: what the config makes of their name. */
  private nick: string | undefined;
  /** What it proves itself with. Absent: its person has no account, or it is not believed and goes on without. */
  private account: OwnAccount | undefined;
  private isProving = false;
  private readonly channels: VoiceChannels;
  private connection: Connection | undefined;
  /** Why it is not connected. Absent: it is. */
  private downAs: Closed['as'] | undefined;
  private regain: ReturnType<typeof regain> = () => {};
  /** In private. */
  private readonly mayTalk: boolean;
  private readonly onClose: () => void;

  constructor(
    { host, site, observer }: { host: Host<IrcConfig>; site: Site; observer: Observer },
    { voice, speaker }: { voice: Voice; speaker: Speaker },
    onClose: () => void,
  ) {
    this.host = host;
    this.site = site;
    this.observer = observer;
    this.voice = voice;
    this.speaker = speaker;
    this.onClose = onClose;
    this.ignored = new Ignored(voice.state);
    this.absence = new Absence(voice.state, site.config.awayFromMatrix, async (line) =>
      this.link.current?.write(line),
    );
    this.channels = new VoiceChannels({ site, host, voice });
    this.mayTalk = mayTalkInPrivate(site.config, speaker.userId);
    this.ctcp = new CtcpAnswers(site.clock, site.config.ctcpVersion);
    this.typing = new Typing(site.clock, (chat, isTyping) => this.sayTyping(chat, isTyping));
    this.link = new Link(this, backOffOf(site));
    const mouth = mouthOf(observer, () => this.link.current, this.former);
    const { empowering } = observer;
    const say = new Say(mouth);
    this.on = {
      message: this.whereItMay(say),
      edit: this.whereItMay(new Correct(say, site.config.shortEdits)),
      reaction: this.whereItMay(new React(mouth)),
      removal: this.whereItMay(new Redact(mouth)),
      member: new Moderate(mouth, site.config.bansFromMatrix),
      title: new Retitle(mouth),
      ...(empowering && { power: new Empower([mouth, botOf(observer)], empowering) }),
    };
    this.events = new EventQueue((events, save) => host.emit(events, save), {
      full: () => this.connection?.pause(),
      drained: () => this.connection?.resume(),
      broken: (error) => {
        observer.broken(error);
        this.close().catch(() => {});
      },
    });
  }

  async open(signal: AbortSignal): Promise<this> {
    const nick = await this.voice.state.get(NICK);
    this.nick = nick && Buffer.from(nick).toString();
    this.account = await ownAccountOf(this.voice);
    await this.absence.load();
    await this.ignored.load();
    await this.observer.mentioning.load(this.voice);
    await this.link.open(signal).catch((error: unknown) => {
      throw error instanceof Closed ? failureOfVoice(error) : error;
    });
    return this;
  }

  get self(): RemoteUserId {
    return userIdOf(this.connection?.state.nick ?? '', this.observer.features);
  }

  /** The connection, as long as it stands. */
  get current(): Connection | undefined {
    return this.link.current;
  }

  /** The nick that it has now is the one that is wanted from now on. Resolves once that is on disk. */
  async callFromNowOn(nick: string): Promise<void> {
    this.nick = nick;
    this.regain = () => {};
    await this.voice.state.save([this.voice.state.change(NICK, Buffer.from(nick))]);
  }

  away(words: string | undefined): void {
    this.absence.asClientSays(words);
  }

  async join(chat: RemoteChatId, signal: AbortSignal): Promise<void> {
    if (!isChannelChat(chat, this.observer.features) || this.channels.has(chat)) return;
    await this.channels.join(standing(this.link.current), chat, signal);
  }

  async leave(chat: RemoteChatId, signal: AbortSignal): Promise<void> {
    await this.channels.leave(this.link.current, chat, signal);
  }

  async direct(who: RemoteUserId): Promise<RemoteChatId> {
    if (!this.mayTalk) throw switchedOff();
    return chatIdOf(targetOf(who), this.observer.features);
  }

  hint(chat: RemoteChatId, hint: Hint): void {
    if (hint.kind === 'typing' && this.link.current) this.typing.set(chat, hint.forMs);
  }

  async close(reason?: string): Promise<void> {
    this.onClose();
    this.site.turns.leave(this.voice.id);
    this.typing.close();
    await this.link.close(partingWords(reason));
    if (this.connection) this.observer.nicks.release(this.connection.state.nick);
    await this.events.settled();
  }

  // As the user of its link.

  async turn(signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = this.site.turns.take(this.voice.id);
      if (waitMs === 0) return;
      if (this.connection === undefined && waitMs > PATIENCE_MS) throw notYet(waitMs);
      await sleep(waitMs, undefined, { signal });
    }
  }

  dial() {
    const nickLength = this.observer.features.nickLength ?? NICK_LENGTH;
    const { nick, account } = this;
    return dialAsEnlisted(this.site, this.speaker, { nick, nickLength, account });
  }

  heard(event: WireEvent, connection: Connection): void {
    if (event.kind === 'renamed') this.renamed(event.from, event.to);
    if (event.kind !== 'line') return;
    this.channels.follow(event.line, connection);
    this.regain(event.line);
    const { features, nick } = connection.state;
    const isToUs = features.fold(event.line.params[0] ?? '') === features.fold(nick);
    if (isToUs && !isSelf(connection.state, event.line)) this.addressed(event.line, connection);
  }

  async up(connection: Connection, signal: AbortSignal): Promise<void> {
    this.connection = connection;
    await this.prove(connection, signal);
    const { nicks } = this.observer;
    const { nick } = connection.state;
    const before = nicks.last({ voice: this.voice.id });
    if (before !== undefined && nicks.fold(before) !== nicks.fold(nick)) this.former.nick = before;
    await nicks.take({ voice: this.voice.id }, nick);
    const { nick: wish } = this;
    this.regain = regain(connection, () => this.nick === wish);
    const { enlistedModes: modes } = this.site.config;
    if (modes) await connection.write(buildLine('MODE', [nick, modes]), signal);
    const away = this.absence.begin();
    if (away !== undefined) await connection.write(away, signal);
    await this.channels.rejoin(connection, signal);
    if (this.downAs) this.host.report({ is: 'ready', self: this.self }, this.voice.id);
    this.downAs = undefined;
  }

  /** Without its account, where the config says so. Its person is told. */
  atOnce(reason: Closed): boolean {
    const { account, site } = this;
    if (reason.as !== 'account' || !account || site.config.refusedAccounts === 'wait') return false;
    this.account = undefined;
    const about = { config: site.config, features: this.observer.features, atMs: site.clock.now() };
    this.events.push([
      notBelieved(this.voice, `${account.name} is not believed: ${reason.message}`, about),
    ]);
    return true;
  }

  down(reason: Closed): void {
    const isNews = this.downAs !== reason.as;
    this.downAs = reason.as;
    this.channels.lost();
    if (this.connection) this.observer.nicks.release(this.connection.state.nick);
    if (isNews) this.host.report({ is: 'failed', error: failureOfVoice(reason) }, this.voice.id);
  }

  /** What NickServ says to that is for us. */
  private async prove(connection: Connection, signal: AbortSignal): Promise<void> {
    const { account, site } = this;
    if (!account) return;
    this.isProving = true;
    try {
      await proveLate(connection, account, { site, signal });
    } catch (error) {
      // Nobody could say. Who may speak without an account need not wait for that either.
      if (!(error instanceof Closed) || error.as !== 'lost') throw error;
      if (site.config.refusedAccounts === 'wait') throw error;
    } finally {
      this.isProving = false;
    }
  }

  /** Something said to it alone. */
  private addressed(line: Line, connection: Connection): void {
    const { source, command } = line;
    // A server's own words have no user name, and are for programs.
    if (source?.user === undefined) return;
    const { features } = connection.state;
    if (this.isDeafTo(source, features)) return;
    const chat = chatIdOf(source.nick, features);
    const names: Naming = {
      isCommonWord: (nick) => this.observer.isCommonWord(nick),
      // Nobody else hears it.
      who: (nick) =>
        features.fold(nick) === features.fold(connection.state.nick)
          ? callOf({ voice: this.voice.id }, this.observer.mentioning)
          : undefined,
    };
    const view = { chat, receiver: this.voice.id, features, nowMs: this.site.clock.now(), names };
    const answer = this.ctcp.answer(line);
    if (answer) connection.write(answer).catch(() => {});
    if (command === 'TAGMSG') {
      const hint = typingFrom(line, view);
      if (hint) this.host.hint(hint);
    }
    if (command === 'INVITE') this.invited(line, connection);
    const event = this.mayTalk ? eventFrom(line, view) : undefined;
    if (event) this.events.push([event]);
    if (!this.mayTalk) this.excuse(line, connection);
  }

  private whereItMay<K extends MatrixActionKind>(handler: Sayer<K>): Sayer<K> {
    const isChannel = (chat: RemoteChatId) => isChannelChat(chat, this.observer.features);
    return this.mayTalk ? handler : inChannelsOnly(handler, isChannel);
  }

  private excuse(line: Line, connection: Connection): void {
    const words = this.ctcp.excuse(line, NOT_PRIVATE);
    if (words) connection.write(words).catch(() => {});
  }

  /** To whom its person ignores, and to NickServ while that is asked by us. */
  private isDeafTo(source: Source, features: Features): boolean {
    const isNickServ = features.fold(source.nick) === features.fold(this.site.config.nickServ);
    return (
      (this.isProving && isNickServ) || this.ignored.has(source, (name) => features.fold(name))
    );
  }

  private invited(line: Line, connection: Connection): void {
    const channel = this.observer.invitedTo(line, connection);
    if (!channel || this.channels.has(channel.chat)) return;
    const { nick } = connection.state;
    const by = line.source?.nick ?? nick;
    const moved = { channel: channel.name, by, nick, is: 'invited', voice: this.voice.id } as const;
    const atMs = sentAtMs(line, this.site.clock.now());
    this.events.push([memberEvent(moved, connection.state.features, atMs)]);
  }

  /** Never at the cost of a message. */
  private sayTyping(chat: RemoteChatId, isTyping: boolean): void {
    const connection = this.link.current;
    if (!connection?.isIdle || !connection.has('message-tags')) return;
    if (!connection.state.features.passesTag('typing')) return;
    connection.write(typingLine(targetOf(chat), isTyping)).catch(() => {});
  }

  private renamed(from: string, to: string): void {
    const { nicks } = this.observer;
    nicks.release(from);
    nicks.take({ voice: this.voice.id }, to).catch((cause: unknown) => {
      this.connection?.cut(new Closed('lost', 'The new nick could not be stored', { cause }));
    });
    this.host.report({ is: 'ready', self: this.self }, this.voice.id);
  }
}

/** Its place among those who want to connect is kept. */
const notYet = (retryAfterMs: number) =>
  new BridgeError('rate_limited', 'Others are connected first: see connectIntervalMs', {
    ...{ effect: 'none', retryAfterMs },
  });

/** Over the limit: the core takes another voice. */
export const tooMany = (limit: number) =>
  new BridgeError('not_allowed', `All ${limit} connections for Matrix users are taken`, {
    effect: 'none',
  });
