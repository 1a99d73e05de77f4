import type { Handler, Part, Sent } from '#adapter';
import { targetOf } from './ids.ts';
import { ONLY_OF_A_JOIN, type Refusal, refusalOf } from './joins.ts';
import { failureOfAsk, type Mouth, refused } from './say.ts';
import { memberLines } from './to-remote.ts';
import { pongOf } from './wire/connection.ts';
import { buildLine, type Line } from './wire/line.ts';

/** They are not in the channel, or already invited to where they are: it is as it should be. */
const ALREADY = new Set(['401', '441', '443']);

/**
 * Kicks, bans and invites. Where the answer is lost nobody can say whether it was done: done twice, it
 * would put out whoever has come back meanwhile, and who is in the channel may have.
 */
export class Moderate implements Handler<'member'> {
  private readonly mouth: Mouth;

  constructor(mouth: Mouth) {
    this.mouth = mouth;
  }

  async send({ key, action }: Part<'member'>, signal: AbortSignal): Promise<Sent> {
    const connection = this.mouth.connection();
    const { features } = connection.state;
    const names = new Set([targetOf(action.chat), action.who].map((name) => features.fold(name)));
    const isDone = pongOf(key);
    let refusal: Refusal | undefined;
    const hear = (line: Line) => {
      const said = refusalOf(line, (name) => names.has(features.fold(name)), ONLY_OF_A_JOIN);
      if (said && !ALREADY.has(said.code)) refusal ??= said;
      return isDone(line);
    };
    try {
      const lines = [...memberLines(action, features), buildLine('PING', [key])];
      await connection.ask(lines, hear, signal);
      if (refusal) throw refused(refusal);
      return { ids: [] };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}
