import {
  BridgeError,
  type Host,
  type Newest,
  type RemoteChatId,
  type RemoteEvent,
  type RemoteUserId,
  type Standing,
  type StateChange,
  type VoiceId,
} from '#adapter';
import { Bans } from './bans.ts';
import type { Channel } from './channel.ts';
import { ChannelSet, type ChannelSetUser } from './channel-set.ts';
import type { Formatting } from './codes.ts';
import type { IrcConfig } from './config.ts';
import { Consent, type ConsentUser } from './consent.ts';
import { CtcpAnswers } from './ctcp.ts';
import { backOffOf, dialAsBot, failureOf, type Site } from './dial.ts';
import type { Ear } from './ear.ts';
import type { Empowering } from './empower.ts';
import { EventQueue } from './event-queue.ts';
import { hear, messagesIn } from './hearing.ts';
import { identify } from './identify.ts';
import { chatIdOf, userIdOf } from './ids.ts';
import { Mentioning } from './mentioning.ts';
import type { Named, Naming } from './mentions.ts';
import { namingIn, nickOf } from './naming.ts';
import type { Former, OurNicks } from './our-nicks.ts';
import { regain } from './regain.ts';
import { isRelayedNick, RELAYMSG } from './relayed.ts';
import { Roster } from './roster.ts';
import type { Server } from './servers.ts';
import { SplitOff } from './split-off.ts';
import { ToldTopics } from './told-topics.ts';
import type { Topic } from './topic.ts';
import type { Closed, Connection } from './wire/connection.ts';
import { Features } from './wire/isupport.ts';
import { buildLine, type Line, maskOf } from './wire/line.ts';
import { Link, type LinkUser } from './wire/link.ts';
import type { WireEvent } from './wire/machine.ts';
import { stsOf } from './wire/sts.ts';

/** Since when a channel is listened to, by the server's clock. */
const SINCE = 'since/';

/** The bot: it is in every channel that is bridged, and tells each thing that happens there once. */
export class Observer implements LinkUser, ChannelSetUser, ConsentUser, Ear {
  readonly link: Link;
  readonly channels: ChannelSet;
  readonly nicks: OurNicks;
  readonly mentioning: Mentioning;
  readonly splitOff: SplitOff;
  readonly bans: Bans | undefined;
  readonly consent: Consent;
  features = new Features();
  roster = new Roster((name) => name);
  /** The voice that speaks through the bot, once there is one. */
  relay: VoiceId | undefined;
  readonly former: Former = { nick: undefined };
  private readonly host: Host<IrcConfig>;
  private readonly site: Site;
  private readonly events: EventQueue;
  private readonly ctcp: CtcpAnswers;
  private readonly topics: ToldTopics;
  /** The channels of which the core knows something, or the disk knows since when we listen. */
  private readonly begun = new Set<RemoteChatId>();
  /** The newest one, standing or not. */
  private connection: Connection | undefined;
  /** Which one was dialled last. */
  private server: Server | undefined;
  /** Why it is not connected. Absent: it is. */
  private downAs: Closed['as'] | undefined;
  private regain: ReturnType<typeof regain> = () => {};

  constructor(host: Host<IrcConfig>, site: Site, nicks: OurNicks) {
    this.host = host;
    this.site = site;
    this.nicks = nicks;
    this.mentioning = new Mentioning(site.config.mentionsToMatrix);
    this.splitOff = new SplitOff(site.clock, site.config.splitPatienceMs, (name) =>
      nicks.fold(name),
    );
    this.bans = site.config.bansToMatrix ? new Bans(host.state) : undefined;
    this.link = new Link(this, backOffOf(site));
    this.ctcp = new CtcpAnswers(site.clock, site.config.ctcpVersion);
    this.consent = new Consent(this);
    this.topics = new ToldTopics(host.state);
    this.channels = new ChannelSet(this, site.clock);
    this.events = new EventQueue((events, save) => host.emit(events, save), {
      full: () => this.connection?.pause(),
      drained: () => this.connection?.resume(),
      broken: (error) => this.broken(error),
    });
  }

  get tellsAway(): boolean {
    return this.site.config.awayToMatrix;
  }

  get config(): IrcConfig {
    return this.site.config;
  }

  /** How looks are written in a chat. */
  formattingIn(chat: RemoteChatId): Formatting {
    return this.channels.get(chat)?.noCodes.size ? 'none' : this.site.config.formatting;
  }

  refusesCodes(chat: RemoteChatId): void {
    this.channels.get(chat)?.noCodes.add('c');
  }

  get modeMeanings(): Ear['modeMeanings'] {
    return this.site.config.modesToMatrix;
  }

  async close(): Promise<void> {
    this.channels.close();
    this.splitOff.forget();
    await this.link.close('Leaving');
    await this.events.settled();
  }

  async watch(chat: RemoteChatId, newest: Newest | undefined): Promise<void> {
    const stored = await this.host.state.get(SINCE + chat);
    const atMs = stored && Number(Buffer.from(stored).toString());
    if (atMs !== undefined || newest) this.begun.add(chat);
    await this.topics.load(chat);
    await this.channels.add(chat, newest ?? (atMs === undefined ? undefined : { atMs }));
  }

  async unwatch(chat: RemoteChatId): Promise<void> {
    const channel = await this.channels.remove(chat);
    this.begun.delete(chat);
    await this.forget(chat);
    await this.topics.forget(chat);
    if (channel) this.roster.empty(channel.name);
  }

  /** What is needed to give people power there. `undefined`: that is the rooms' own business. */
  get empowering(): Empowering | undefined {
    const { powerFromMatrix: levels } = this.site.config;
    if (Object.keys(levels).length === 0) return undefined;
    const nickIn = (channel: string, who: Named) => {
      const nick = nickOf(who, this);
      return nick !== undefined && this.roster.isIn(channel, nick) ? nick : undefined;
    };
    return { levels, nickIn };
  }

  /** The channel, once all that the server has said of it until now is with the core. */
  async caughtUp(chat: RemoteChatId, signal: AbortSignal): Promise<Channel | undefined> {
    const channel = this.channels.get(chat);
    if (!channel) return undefined;
    const connection = this.link.current;
    if (!connection || channel.state !== 'in') throw notYet(channel);
    await connection.barrier(signal);
    if (this.link.current !== connection || channel.state !== 'in') throw notYet(channel);
    await this.events.settled();
    return channel;
  }

  // As the user of its link.

  async turn(): Promise<void> {
    this.site.turns.pass();
  }

  dial() {
    this.server = this.site.servers.current;
    return dialAsBot(this.site);
  }

  heard(event: WireEvent, connection: Connection): void {
    if (event.kind === 'renamed') this.renamed(event.from, event.to);
    if (event.kind === 'replay') this.channel(event.replay.channel)?.replayed(event.replay.lines);
    if (event.kind !== 'line') return;
    hear(event.line, this);
    this.regain(event.line);
    if (!this.features.isChannel(event.line.params[0] ?? '')) this.answer(event.line, connection);
  }

  async up(connection: Connection, signal: AbortSignal): Promise<void> {
    this.connection = connection;
    await this.promised(connection);
    await this.identify(connection, signal);
    this.features = connection.state.features;
    this.nicks.fold = (name) => connection.state.features.fold(name);
    this.roster = new Roster(this.nicks.fold);
    const { nick } = connection.state;
    const before = this.nicks.last({});
    if (before !== undefined && this.nicks.fold(before) !== this.nicks.fold(nick))
      this.former.nick = before;
    await this.nicks.take({}, nick);
    this.regain = regain(connection);
    await this.channels.connected(connection);
    if (this.downAs) this.report({ is: 'ready', self: userIdOf(nick, this.features) });
    this.downAs = undefined;
  }

  down(reason: Closed): void {
    const isNews = this.downAs !== reason.as;
    const wasUp = this.downAs === undefined;
    this.downAs = reason.as;
    if (this.server) this.site.servers.failed(this.server);
    this.channels.disconnected(this.lastHeardAtMs());
    this.splitOff.forget();
    if (this.connection) this.nicks.release(this.connection.state.nick);
    if (wasUp && this.connection)
      this.promised(this.connection).catch((error: unknown) => this.broken(error));
    // The same again is no news, each second while a server is away.
    if (!isNews) return;
    const error = failureOf(reason);
    this.host.log('warn', 'The connection of the bot has failed', { reason: error.message });
    this.report({ is: 'failed', error });
  }

  // As the user of its channels.

  read(line: Line, channel: Channel): readonly RemoteEvent[] {
    const said = line.source && this.nicks.once(line.source.nick, maskOf(line.source));
    const ours = this.isRelayed(line) ? {} : said;
    return messagesIn(line, channel, this, ours);
  }

  /** A history need not have the tag, so the name has to tell. */
  private isRelayed({ source }: Line): boolean {
    const has = this.connection?.has(RELAYMSG) === true;
    return has && source !== undefined && isRelayedNick(source.nick);
  }

  /** From where it may be in a channel nothing may be missed, also if it ends before it knows that it is in it. */
  async entering(channels: readonly Channel[]): Promise<void> {
    for (const { name } of channels) this.roster.empty(name);
    const fresh = channels.filter(({ chat }) => !this.begun.has(chat));
    if (fresh.length > 0) await this.host.state.save(fresh.map((channel) => this.since(channel)));
  }

  entered(channel: Channel, events: readonly RemoteEvent[]): void {
    this.events.push(events, this.begin(channel));
    this.retitled(channel);
    this.host.changed({ chat: channel.chat });
    if (Object.keys(this.modeMeanings).length === 0) return;
    this.connection?.write(buildLine('MODE', [channel.name])).catch(() => {});
  }

  keptOut({ chat }: Channel, { message }: BridgeError): void {
    this.host.log('warn', 'The bot is kept out of a channel', { chat, reason: message });
    if (!this.begun.has(chat)) this.forget(chat).catch((error: unknown) => this.broken(error));
  }

  keyOf(name: string): string | undefined {
    return this.site.keys.of(name, this.features);
  }

  // As an ear.

  now(): number {
    return this.site.clock.now();
  }

  channel(name: string): Channel | undefined {
    return this.channels.get(chatIdOf(name, this.features));
  }

  naming({ name }: Channel): Naming {
    return namingIn(name, this);
  }

  isCommonWord(nick: string): boolean {
    const { fold } = this.nicks;
    return this.site.config.commonNicks.some((word) => fold(word) === fold(nick));
  }

  tell: Ear['tell'] = (channel, events, save) => this.events.push(channel.pass(events), save);
  hint: Ear['hint'] = (hint) => this.host.hint(hint);

  rightsChanged({ chat, state }: Channel): void {
    if (state === 'in') this.host.changed({ chat });
  }

  retitled({ chat, topic }: Channel): void {
    const { events, save } = this.topics.news(chat, topic, this.setterOf(topic));
    this.events.push(events, save);
  }

  thrownOut(channel: Channel): void {
    const { chat } = channel;
    channel.interrupted(this.lastHeardAtMs());
    this.roster.empty(channel.name);
    this.channels.retryLater(channel);
    this.host.log('warn', 'The bot was kicked out of a channel', { chat });
  }

  reply(to: Line, words: string): void {
    const line = this.ctcp.excuse(to, words);
    if (line) this.connection?.write(line).catch(() => {});
  }

  /** A server is nobody, and of our own only what has come of it is told. */
  private setterOf({ by }: Topic): RemoteUserId | undefined {
    if (by === undefined || by.nick.includes('.')) return undefined;
    const isOurs = this.nicks.now(by.nick) ?? this.nicks.once(by.nick, maskOf(by));
    return isOurs ? undefined : userIdOf(by.nick, this.features);
  }

  /** From here on nothing may be missed, also if nothing is said before the next start. */
  private begin(channel: Channel): readonly StateChange[] {
    if (this.begun.has(channel.chat)) return [];
    this.begun.add(channel.chat);
    return [this.since(channel)];
  }

  private since({ chat }: Channel): StateChange {
    return this.host.state.change(SINCE + chat, Buffer.from(String(this.lastHeardAtMs())));
  }

  private forget(chat: RemoteChatId): Promise<void> {
    return this.host.state.save([this.host.state.change(SINCE + chat, null)]);
  }

  private answer(line: Line, connection: Connection): void {
    if (line.command === 'INVITE') {
      const channel = this.invitedTo(line, connection);
      if (channel) this.channels.letIn(channel);
      return;
    }
    if (this.consent.hear(line)) return;
    const answer = this.ctcp.answer(line) ?? this.ctcp.excuse(line);
    if (answer) connection.write(answer).catch(() => {});
  }

  /** What the server has said of TLS counts from the end of a connection on, so it is taken in then as well. */
  private async promised({ state }: Connection): Promise<void> {
    const { secure, config } = this.site;
    if (this.server && state.isSecure)
      await secure.promised(secure.wayTo(this.server, config.tls), stsOf(state));
  }

  /** The channel that somebody invites one of ours to. Where it is not bridged they are told so. */
  invitedTo(line: Line, connection: Connection): Channel | undefined {
    const channel = this.channel(line.params[1] ?? '');
    const answer = channel ? undefined : this.ctcp.declined(line);
    if (answer) connection.write(answer).catch(() => {});
    return channel;
  }

  /** Before a channel is joined that only lets in whom it knows. */
  private async identify(connection: Connection, signal: AbortSignal): Promise<void> {
    const { config, clock } = this.site;
    const { account: name, accountPassword: password, nickServ } = config;
    if (name === undefined || password === undefined) return;
    const said = await identify(connection, { name, password }, { nickServ, clock, signal });
    if (said !== undefined) this.host.log('info', 'NickServ answered the bot', { text: said });
  }

  private renamed(from: string, to: string): void {
    this.nicks.release(from);
    this.nicks.take({}, to).catch((error: unknown) => this.broken(error));
    this.report({ is: 'ready', self: userIdOf(to, this.features) });
  }

  private report(standing: Standing): void {
    this.host.report(standing);
    if (this.relay) this.host.report(standing, this.relay);
  }

  /** When the server was last heard, by its own clock. */
  private lastHeardAtMs(): number {
    const { connection } = this;
    return connection ? connection.lastHeardAtMs + (connection.clockSkewMs ?? 0) : this.now();
  }

  /** The core's storage is: nothing more may be read. */
  broken(cause: unknown): void {
    const text = `Nothing can be stored: ${String(cause)}`;
    this.report({
      is: 'failed',
      error: new BridgeError('protocol', text, { effect: 'none', cause }),
    });
    this.link.close('Leaving').catch(() => {});
  }
}

const notYet = ({ name }: Channel) =>
  new BridgeError('unreachable', `The bot is not in ${name} now`, { effect: 'unknown' });
