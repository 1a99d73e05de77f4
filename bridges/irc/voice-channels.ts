import type { Host, RemoteChatId, Voice } from '#adapter';
import type { Site } from './dial.ts';
import { chatIdOf, targetOf } from './ids.ts';
import { joinChannels } from './joins.ts';
import { failureOfAsk, refused } from './say.ts';
import type { Connection } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';
import { isSelf } from './wire/machine.ts';

interface Of {
  readonly site: Pick<Site, 'keys'>;
  readonly host: Pick<Host<unknown>, 'log'>;
  readonly voice: Pick<Voice, 'id'>;
}

/** The channels of a voice: those it is to be in, as the server writes them, and those it is in. */
export class VoiceChannels {
  private readonly of: Of;
  private readonly wanted = new Map<RemoteChatId, string>();
  private readonly joined = new Set<RemoteChatId>();

  constructor(of: Of) {
    this.of = of;
  }

  has(chat: RemoteChatId): boolean {
    return this.joined.has(chat);
  }

  /** @throws {BridgeError} where it is not let in. */
  async join(connection: Connection, chat: RemoteChatId, signal: AbortSignal): Promise<void> {
    const refusals = await this.enter(connection, [targetOf(chat)], signal).catch((error) => {
      throw failureOfAsk(error);
    });
    for (const refusal of refusals.values()) throw refused(refusal);
  }

  async leave(
    connection: Connection | undefined,
    chat: RemoteChatId,
    signal: AbortSignal,
  ): Promise<void> {
    this.joined.delete(chat);
    if (!this.wanted.delete(chat)) return;
    await connection?.write(buildLine('PART', [targetOf(chat)]), signal);
  }

  /** It is connected again. Where it is not let in any more it stays out. */
  async rejoin(connection: Connection, signal: AbortSignal): Promise<void> {
    const refusals = await this.enter(connection, [...this.wanted.values()], signal);
    for (const [name, refusal] of refusals) {
      this.wanted.delete(chatIdOf(name, connection.state.features));
      this.of.host.log('warn', 'A voice is kept out of a channel that it was in', {
        voice: this.of.voice.id,
        chat: refusal.target,
        reason: refusal.text,
      });
    }
  }

  /** It is connected no longer. */
  lost(): void {
    this.joined.clear();
  }

  /** Where it is: by its own coming and going, and by what is done to it. */
  follow(line: Line, { state }: Connection): void {
    const [name = '', victim = ''] = line.params;
    const chat = chatIdOf(name, state.features);
    const isOut =
      line.command === 'KICK'
        ? state.features.fold(victim) === state.features.fold(state.nick)
        : line.command === 'PART' && isSelf(state, line);
    if (isOut) {
      this.joined.delete(chat);
      this.wanted.delete(chat);
    }
    if (line.command !== 'JOIN' || !isSelf(state, line)) return;
    this.joined.add(chat);
    this.wanted.set(chat, name);
  }

  private enter(connection: Connection, names: readonly string[], signal: AbortSignal) {
    const { features } = connection.state;
    const keyOf = (name: string) => this.of.site.keys.of(name, features);
    const isWanted = (name: string) => this.wanted.has(chatIdOf(name, features));
    return joinChannels(connection, names, { keyOf, isWanted, signal });
  }
}
