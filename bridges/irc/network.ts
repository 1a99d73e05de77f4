import { randomUUID } from 'node:crypto';
import {
  BridgeError,
  type ChatInfo,
  type ChatView,
  type Found,
  type Host,
  type LoginFlow,
  type Network,
  type NetworkCommand,
  type NetworkSession,
  type Newest,
  type RemoteUserId,
  type UserInfo,
  type Voice,
  type VoiceId,
} from '#adapter';
import { channelInfo } from './chat-info.ts';
import { commandsAt } from './commands/index.ts';
import type { IrcConfig } from './config.ts';
import { failureFrom, type Site } from './dial.ts';
import { chatIdOf, isChannelChat, isChannelName, isNick, userIdOf } from './ids.ts';
import { loginsAt } from './logins.ts';
import { standing } from './mouths.ts';
import { Observer } from './observer.ts';
import { OurNicks } from './our-nicks.ts';
import { ownAccountOf, withAccount } from './own-account.ts';
import { tryAccount } from './prove.ts';
import { RelaySession } from './relay.ts';
import { failureOfAsk } from './say.ts';
import { EnlistedSession, NICK_LENGTH, tooMany } from './session.ts';
import { buildLine } from './wire/line.ts';

/** One open IRC server: a bot that listens, and a connection for each voice. */
export class IrcNetwork implements Network {
  private readonly host: Host<IrcConfig>;
  private readonly site: Site;
  private readonly observer: Observer;
  private readonly sessions = new Map<VoiceId, EnlistedSession>();
  readonly commands: readonly NetworkCommand[];
  readonly logins: readonly LoginFlow[];
  readonly accounts: NonNullable<Network['accounts']> = {
    of: async (voice) => (await ownAccountOf(voice))?.name,
    forget: (voice) => [withAccount(voice, undefined)],
  };
  readonly takesPower: boolean;
  readonly askToLink?: NonNullable<Network['askToLink']>;
  private isClosed = false;

  /** Connects the bot. @throws {BridgeError} */
  static async open(host: Host<IrcConfig>, site: Site): Promise<IrcNetwork> {
    const nicks = new OurNicks(host.state);
    await nicks.load();
    const observer = new Observer(host, site, nicks);
    await observer.bans?.load();
    const network = new IrcNetwork(host, site, observer);
    await network.connect(site.servers.count);
    return network;
  }

  private constructor(host: Host<IrcConfig>, site: Site, observer: Observer) {
    this.host = host;
    this.site = site;
    this.observer = observer;
    this.takesPower = observer.empowering !== undefined;
    if (host.config.askChannelOperators)
      this.askToLink = (wish, signal) => observer.consent.ask(wish, signal);
    this.commands = commandsAt({ host, observer, session: (id) => this.sessions.get(id) });
    this.logins = loginsAt((voice, account, signal) => {
      const { nickLength = NICK_LENGTH } = observer.features;
      return tryAccount(site, voice, account, { nickLength, signal });
    });
  }

  /** To one server of the network after the other, each once. */
  private async connect(tries: number): Promise<void> {
    const { host, site, observer } = this;
    const server = site.servers.current;
    try {
      await observer.link.open(host.signal);
    } catch (error) {
      site.servers.failed(server);
      const failure = failureFrom(error, `The bot cannot connect to ${server.host}`);
      if (tries <= 1 || host.signal.aborted) throw failure;
      host.log('warn', 'A server cannot be had; the next is tried', { reason: failure.message });
      await this.connect(tries - 1);
    }
  }

  /** A private chat is heard by its voice's own connection. */
  async watch({ chat, receiver }: ChatView, newest: Newest | undefined): Promise<void> {
    if (!receiver && isChannelChat(chat, this.observer.features))
      await this.observer.watch(chat, newest);
  }

  async unwatch({ chat, receiver }: ChatView): Promise<void> {
    if (!receiver) await this.observer.unwatch(chat);
  }

  async session(voice: Voice, signal: AbortSignal): Promise<NetworkSession> {
    if (this.isClosed) throw new BridgeError('unreachable', 'Closed', { effect: 'none' });
    if (voice.kind === 'relay') {
      this.observer.relay = voice.id;
      return new RelaySession(this.observer, this.host.config);
    }
    if (voice.kind !== 'enlisted' || !voice.speaker)
      throw new BridgeError('unsupported', `No ${voice.kind} voice on IRC`, { effect: 'none' });
    await this.sessions.get(voice.id)?.close();
    const { maxConnections } = this.host.config;
    if (this.sessions.size >= maxConnections) throw tooMany(maxConnections);
    return this.enlist(voice, voice.speaker, signal);
  }

  async forget({ id }: Voice): Promise<void> {
    await this.sessions.get(id)?.close();
    await this.observer.nicks.forget(id);
    this.observer.mentioning.forget(id);
  }

  async resolve(name: string, signal: AbortSignal): Promise<Found | undefined> {
    const { features } = this.observer;
    if (isChannelName(name, features)) return { chat: chatIdOf(name, features) };
    if (!isNick(name, features) || !(await this.isOnline(name, signal))) return undefined;
    return { user: userIdOf(name, features) };
  }

  async user(id: RemoteUserId): Promise<UserInfo> {
    return { name: this.observer.roster.person(id)?.nick ?? id };
  }

  async chat({ chat }: ChatView): Promise<ChatInfo> {
    const { features, roster } = this.observer;
    if (!isChannelChat(chat, features))
      return { kind: 'direct', name: roster.person(chat)?.nick ?? chat };
    return channelInfo(chat, this.observer);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    const sessions = [...this.sessions.values()].map((session) => session.close());
    await Promise.allSettled(sessions);
    await this.observer.close();
    await this.site.ident?.release();
  }

  private async enlist(
    voice: Voice,
    speaker: NonNullable<Voice['speaker']>,
    signal: AbortSignal,
  ): Promise<NetworkSession> {
    const { host, site, observer } = this;
    const gone = () => {
      if (this.sessions.get(voice.id) === session) this.sessions.delete(voice.id);
    };
    const session = new EnlistedSession({ host, site, observer }, { voice, speaker }, gone);
    // Counted from the start, so that many at once do not pass the limit together.
    this.sessions.set(voice.id, session);
    try {
      return await session.open(signal);
    } catch (error) {
      gone();
      throw failureFrom(error, 'A connection for a Matrix user cannot be made');
    }
  }

  /** ISON answers with those of the names that are there. */
  private async isOnline(nick: string, signal: AbortSignal): Promise<boolean> {
    const connection = standing(this.observer.link.current);
    const token = randomUUID();
    let isThere = false;
    const { features } = connection.state;
    try {
      await connection.ask(
        [buildLine('ISON', [nick]), buildLine('PING', [token])],
        ({ command, params }) => {
          const names = command === '303' ? (params.at(-1) ?? '').split(' ') : [];
          isThere ||= names.some((name) => features.fold(name) === features.fold(nick));
          return command === 'PONG' && params.at(-1) === token ? true : undefined;
        },
        signal,
      );
      return isThere;
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}
