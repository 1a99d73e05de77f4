import { BridgeError, type Newest, type RemoteChatId, type RemoteEvent } from '#adapter';
import { Channel } from './channel.ts';
import { chatIdOf, targetOf } from './ids.ts';
import { joinChannels } from './joins.ts';
import { askForPast } from './past.ts';
import { carriesKeys } from './put.ts';
import { failureOfAsk, refused } from './say.ts';
import type { Clock } from './wire/clock.ts';
import type { Connection } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

export interface ChannelSetUser {
  /** What a line of the past means. */
  read(line: Line, channel: Channel): readonly RemoteEvent[];
  /** Before channels are joined: whoever was known to be in them is not known any more. */
  entering(channels: readonly Channel[]): Promise<void>;
  /** It is joined; tell this. */
  entered(channel: Channel, events: readonly RemoteEvent[]): void;
  keptOut(channel: Channel, error: BridgeError): void;
  /** What opens a channel that wants a key. */
  keyOf(name: string): string | undefined;
}

/** So many are joined with one line. */
const AT_ONCE = 10;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;

interface Wish {
  readonly channel: Channel;
  readonly done: (error: BridgeError | undefined) => void;
}

/** The channels that the bot is to be in, and its ways into them. */
export class ChannelSet {
  private readonly user: ChannelSetUser;
  private readonly channels = new Map<RemoteChatId, Channel>();
  private readonly clock: Clock;
  /** What takes back the next try of each that was kept out. */
  private readonly retries = new Map<RemoteChatId, () => void>();
  private readonly wishes: Wish[] = [];
  private readonly visited = new Set<RemoteChatId>();
  private connection: Connection | undefined;
  private isEntering = false;

  constructor(user: ChannelSetUser, clock: Clock) {
    this.user = user;
    this.clock = clock;
  }

  get(chat: RemoteChatId): Channel | undefined {
    return this.channels.get(chat);
  }

  /** Comes in wherever it should be; a channel that keeps it out is tried again later. */
  async connected(connection: Connection): Promise<void> {
    this.connection = connection;
    await Promise.all([...this.channels.values()].map((channel) => this.enter(channel)));
    if (this.connection !== connection) throw notConnected();
  }

  /** @param atMs when it was last heard, by the server's clock. */
  disconnected(atMs: number): void {
    this.connection = undefined;
    this.visited.clear();
    for (const channel of this.channels.values()) channel.interrupted(atMs);
    for (const { done } of this.wishes.splice(0)) done(notConnected());
  }

  /**
   * Listens to a channel.
   *
   * @throws {BridgeError} when it cannot come in now. It goes on trying.
   */
  async add(chat: RemoteChatId, newest: Newest | undefined): Promise<void> {
    await this.endVisit(chat);
    const channel = this.channels.get(chat) ?? new Channel(chat, targetOf(chat), newest);
    this.channels.set(chat, channel);
    channel.startFrom(newest);
    if (!this.connection) throw notConnected();
    await this.waitFor(channel);
  }

  /** Comes to be in a channel to speak there, without listening: that begins with `add`, from a fresh join. */
  async visit(chat: RemoteChatId): Promise<void> {
    const { connection } = this;
    const channel = this.channels.get(chat);
    if (channel) return this.waitFor(channel);
    if (this.visited.has(chat)) return;
    if (!connection) throw notConnected();
    const refusals = await this.join(connection, [targetOf(chat)]);
    for (const refusal of refusals.values()) throw refused(refusal);
    if (!this.channels.has(chat)) this.visited.add(chat);
  }

  /** Leaves where it only came to. */
  async endVisit(chat: RemoteChatId): Promise<void> {
    if (this.visited.delete(chat)) await this.connection?.write(buildLine('PART', [chat]));
  }

  /** It may be on its way into it, behind others. */
  private async waitFor(channel: Channel): Promise<void> {
    const error = channel.state === 'in' ? undefined : await this.enter(channel);
    if (error) throw error;
  }

  async remove(chat: RemoteChatId): Promise<Channel | undefined> {
    const channel = this.channels.get(chat);
    this.channels.delete(chat);
    this.retries.get(chat)?.();
    const isThere = channel && channel.state !== 'out';
    if (isThere) await this.connection?.write(buildLine('PART', [channel.name]));
    return channel;
  }

  /** It was put out, or not let in. */
  retryLater(channel: Channel): void {
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** channel.failures++, LAST_RETRY_MS);
    this.retries.get(channel.chat)?.();
    const again = () => void this.enter(channel);
    if (this.channels.get(channel.chat) === channel)
      this.retries.set(channel.chat, this.clock.after(delayMs, again));
  }

  /** It is no longer kept out, as it seems. */
  letIn(channel: Channel): void {
    if (this.connection && channel.state === 'out') void this.enter(channel);
  }

  close(): void {
    for (const cancel of this.retries.values()) cancel();
    this.channels.clear();
  }

  /** Resolves with what kept it out. */
  private enter(channel: Channel): Promise<BridgeError | undefined> {
    return new Promise((done) => {
      this.wishes.push({ channel, done });
      if (!this.isEntering) void this.enterAll();
    });
  }

  /** What is wished for while one line has no answer yet goes into the next. */
  private async enterAll(): Promise<void> {
    this.isEntering = true;
    while (this.wishes.length > 0) {
      const wishes = this.wishes.splice(0, AT_ONCE);
      const channels = new Set(wishes.map(({ channel }) => channel));
      const errors = await this.enterSome([...channels].filter(({ state }) => state === 'out'));
      for (const { channel, done } of wishes) done(errors.get(channel));
    }
    this.isEntering = false;
  }

  private async enterSome(
    channels: readonly Channel[],
  ): Promise<ReadonlyMap<Channel, BridgeError>> {
    const { connection } = this;
    const errors = new Map<Channel, BridgeError>();
    if (channels.length === 0) return errors;
    if (!connection) return new Map(channels.map((channel) => [channel, notConnected()]));
    for (const channel of channels) channel.begin();
    try {
      await this.user.entering(channels);
      const names = channels.map(({ name }) => name);
      const refusals = await this.join(connection, names);
      const refusalOf = ({ name }: Channel) => refusals.get(connection.state.features.fold(name));
      await askForPast(
        connection,
        channels.filter((channel) => !refusalOf(channel)),
      );
      for (const channel of channels) {
        const refusal = refusalOf(channel);
        if (refusal) errors.set(channel, this.refuse(channel, refused(refusal)));
        else this.arrive(channel, connection);
      }
      return errors;
    } catch (error) {
      for (const channel of channels) channel.keptOut();
      return new Map(channels.map((channel) => [channel, failureOfAsk(error)]));
    }
  }

  private join(connection: Connection, names: readonly string[]) {
    const { user } = this;
    const keyOf = (name: string) => user.keyOf(name);
    const { features } = connection.state;
    const isWanted = (name: string) => {
      const chat = chatIdOf(name, features);
      return this.channels.has(chat) || this.visited.has(chat);
    };
    return joinChannels(connection, names, { keyOf, isWanted, signal: connection.ended });
  }

  private arrive(channel: Channel, connection: Connection): void {
    const events = channel.arrive((line) => this.user.read(line, channel), {
      nowMs: this.clock.now(),
      skewMs: connection.clockSkewMs ?? 0,
      echoes: carriesKeys(connection) && connection.has('echo-message'),
    });
    this.user.entered(channel, events);
  }

  private refuse(channel: Channel, error: BridgeError): BridgeError {
    channel.keptOut();
    this.user.keptOut(channel, error);
    this.retryLater(channel);
    return error;
  }
}

const notConnected = () =>
  new BridgeError('unreachable', 'The bot is not connected', { effect: 'none' });
