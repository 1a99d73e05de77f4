import { randomUUID } from 'node:crypto';
import type { Encoded, Handler, MatrixAction, Part, RemoteChatId } from '#adapter';
import { targetOf } from './ids.ts';
import { order } from './order.ts';
import { failureOfAsk, type Mouth, refused } from './say.ts';
import { topicLine } from './to-remote.ts';
import { Topic } from './topic.ts';
import type { Connection } from './wire/connection.ts';
import { buildLine, type Line, parseLine } from './wire/line.ts';

/** Servers tell when a topic was set in whole seconds. */
const SECOND_MS = 1_000;

/** Sets topics. */
export class Retitle implements Handler<'title'> {
  private readonly mouth: Mouth;

  constructor(mouth: Mouth) {
    this.mouth = mouth;
  }

  async encode(action: MatrixAction<'title'>): Promise<Encoded> {
    try {
      return { parts: [Buffer.from(topicLine(action, this.mouth.self))] };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  async send({ key, action, wire = new Uint8Array() }: Part<'title'>, signal: AbortSignal) {
    const connection = this.mouth.connection();
    try {
      const names = new Set([connection.state.features.fold(targetOf(action.chat))]);
      const line = Buffer.from(wire).toString();
      const refusal = await order(connection, [line], { token: key, names, signal });
      if (refusal) throw refused(refusal);
      return { ids: [] };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  /**
   * It is as it was wanted: done. It has been as it is since before the first try: not done. Else
   * somebody may have been there before us, or after us.
   */
  async lookup(
    { action, wire = new Uint8Array(), firstTriedAtMs }: Part<'title'>,
    signal: AbortSignal,
  ) {
    const connection = this.mouth.connection();
    try {
      await this.mouth.othersAreGone(signal);
      const wanted = new Topic();
      const line = parseLine(Buffer.from(wire).toString());
      if (line) wanted.hear(line, 0);
      const now = await topicOf(connection, action.chat, signal);
      if (now.text === wanted.text) return { ids: [] };
      const { clockSkewMs } = connection;
      const isOlder =
        clockSkewMs !== undefined && now.atMs + SECOND_MS < firstTriedAtMs + clockSkewMs;
      return isOlder && now.by ? 'absent' : 'cannot-tell';
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}

async function topicOf(
  connection: Connection,
  chat: RemoteChatId,
  signal: AbortSignal,
): Promise<Topic> {
  const { features } = connection.state;
  const name = targetOf(chat);
  const topic = new Topic();
  const isIt = (of: string) => features.fold(of) === features.fold(name);
  const hear = (line: Line) => {
    if (/^33[123]$/.test(line.command) && isIt(line.params[1] ?? '')) topic.hear(line, 0);
  };
  const about = { token: randomUUID(), names: new Set([features.fold(name)]), hear, signal };
  const refusal = await order(connection, [buildLine('TOPIC', [name])], about);
  if (refusal) throw refused(refusal);
  return topic;
}
