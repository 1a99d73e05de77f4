import { BridgeError, type Encoded, type Handler, type MatrixAction, type Part } from '#adapter';
import { isShort, reactionTags } from './client-tags.ts';
import { isServersId } from './ids.ts';
import { messageLines } from './message-lines.ts';
import { failureOfAsk, type Mouth, type NameOf, sendLine, soughtIn } from './say.ts';
import { taggedLine } from './to-remote.ts';

/** Reacts with a tag where such tags are passed on, else in words. One who speaks for others has only words. */
export class React implements Handler<'reaction'> {
  private readonly mouth: Mouth;
  private readonly nameOf: NameOf | undefined;

  constructor(mouth: Mouth, nameOf?: NameOf) {
    this.mouth = mouth;
    this.nameOf = nameOf;
  }

  async encode(action: MatrixAction<'reaction'>): Promise<Encoded> {
    try {
      return { parts: this.linesOf(action).map((line) => Buffer.from(line)) };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }

  send(part: Part<'reaction'>, signal: AbortSignal) {
    return sendLine(this.mouth, part, signal);
  }

  lookup(part: Part<'reaction'>, signal: AbortSignal) {
    return this.mouth.lookup(soughtIn(part), signal);
  }

  private linesOf(action: MatrixAction<'reaction'>): readonly string[] {
    const { chat, removed } = action;
    if (this.canTag(action)) return [taggedLine(chat, reactionTags(action))];
    if (removed)
      throw new BridgeError('unsupported', 'Words cannot be taken back', { effect: 'none' });
    return this.inWords(action);
  }

  private canTag(action: MatrixAction<'reaction'>): boolean {
    const { target, emoji } = action;
    const isPassedOn = (tag: string) => this.mouth.passes(tag);
    const isKnown = isServersId(target) && isShort(emoji);
    return !this.nameOf && isKnown && Object.keys(reactionTags(action)).every(isPassedOn);
  }

  private inWords({ chat, target, emoji, speaker }: MatrixAction<'reaction'>): readonly string[] {
    const { mouth, nameOf } = this;
    const said = mouth.said(chat, target);
    const to = said ? ` to "${said.text}"` : '';
    const body = { text: `reacted with ${emoji}${to}`, as: 'emote' } as const;
    const name = nameOf?.({ speaker, body }) ?? '';
    return messageLines({ chat, body }, mouth.self, { ...mouth.calling(chat), name });
  }
}
