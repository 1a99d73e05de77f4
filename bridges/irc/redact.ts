import type { Encoded, Handler, MatrixAction, Part, RemoteMessageId } from '#adapter';
import { isServersId, redactionKey, targetOf } from './ids.ts';
import { messageLines } from './message-lines.ts';
import { failureOfAsk, linesIn, type Mouth, type NameOf, sendLine, soughtIn } from './say.ts';
import { buildLine } from './wire/line.ts';

/**
 * Takes messages back, each line of them, where the server knows how to; else it is said.
 *
 * @see https://ircv3.net/specs/extensions/message-redaction
 */
export class Redact implements Handler<'removal'> {
  private readonly mouth: Mouth;
  private readonly nameOf: NameOf;

  constructor(mouth: Mouth, nameOf: NameOf = () => '') {
    this.mouth = mouth;
    this.nameOf = nameOf;
  }

  async encode(action: MatrixAction<'removal'>): Promise<Encoded> {
    try {
      const { chat, target } = action;
      const lines = this.canRedact(target)
        ? target.map((id) => buildLine('REDACT', [targetOf(chat), id]))
        : this.inWords(action);
      return { parts: lines.map((line) => Buffer.from(line)) };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  send(part: Part<'removal'>, signal: AbortSignal) {
    return sendLine(this.mouth, part, signal);
  }

  lookup(part: Part<'removal'>, signal: AbortSignal) {
    const sought = soughtIn(part);
    const [line] = linesIn(part.wire);
    if (line?.command !== 'REDACT') return this.mouth.lookup(sought, signal);
    const key = redactionKey(line.params[1] ?? '');
    return this.mouth.lookup({ ...sought, key, hasWords: false }, signal);
  }

  private canRedact(target: readonly RemoteMessageId[]): boolean {
    return this.mouth.has('draft/message-redaction') && target.every(isServersId);
  }

  private inWords({ chat, speaker }: MatrixAction<'removal'>): readonly string[] {
    const body = { text: 'took back a message', as: 'emote' } as const;
    const calling = { ...this.mouth.calling(chat), name: this.nameOf({ speaker, body }) };
    return messageLines({ chat, body }, this.mouth.self, calling);
  }
}
