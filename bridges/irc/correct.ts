import type { Encoded, Handler, MatrixAction, Part, Sent } from '#adapter';
import { shortChange } from './diff.ts';
import type { Say } from './say.ts';

/** The mark that people use for a correction. */
const MARK = '* ';

/** Says what has changed in a message, or all of it again. */
export class Correct implements Handler<'edit'> {
  private readonly say: Say;
  private readonly isShort: boolean;

  /** @param isShort whether a change of a few words is told as such. */
  constructor(say: Say, isShort: boolean) {
    this.say = say;
    this.isShort = isShort;
  }

  encode(action: MatrixAction<'edit'>): Promise<Encoded> {
    const { body, target } = action;
    const before = this.isShort ? this.say.words.of(target[0]) : undefined;
    const change = before === undefined || body.as ? undefined : shortChange(before, body.text);
    const message = asMessage(action);
    if (change === undefined) return this.say.encodeMarked(message, MARK);
    return this.say.encode({ ...message, body: { text: change } });
  }

  async send(part: Part<'edit'>, signal: AbortSignal): Promise<Sent> {
    const { target, body } = part.action;
    const sent = await this.say.send({ ...part, action: asMessage(part.action) }, signal);
    this.say.words.said(target, body.text);
    return sent;
  }

  lookup(part: Part<'edit'>, signal: AbortSignal) {
    return this.say.lookup({ ...part, action: asMessage(part.action) }, signal);
  }
}

const asMessage = ({ target: _, ...edit }: MatrixAction<'edit'>): MatrixAction<'message'> => ({
  ...edit,
  kind: 'message',
});
