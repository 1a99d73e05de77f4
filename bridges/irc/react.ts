import { BridgeError, type Encoded, type Handler, type MatrixAction, type Part } from '#adapter';
import { isShort, reactionTags } from './client-tags.ts';
import { isServersId } from './ids.ts';
import { messageLines } from './message-lines.ts';
import { failureOfAsk, type Mouth, sendLine, soughtIn } from './say.ts';
import { taggedLine } from './to-remote.ts';

/** Reacts with a tag where such tags are passed on, else in words. */
export class React implements Handler<'reaction'> {
  private readonly mouth: Mouth;

  constructor(mouth: Mouth) {
    this.mouth = mouth;
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
    const { mouth } = this;
    const { chat, target, emoji, removed } = action;
    const tags = reactionTags(action);
    if (
      isServersId(target) &&
      isShort(emoji) &&
      Object.keys(tags).every((tag) => mouth.passes(tag))
    )
      return [taggedLine(chat, tags)];
    if (removed)
      throw new BridgeError('unsupported', 'Words cannot be taken back', { effect: 'none' });
    const said = mouth.said(chat, target);
    const to = said ? ` to "${said.text}"` : '';
    const body = { text: `reacted with ${emoji}${to}`, as: 'emote' } as const;
    return messageLines({ chat, body }, mouth.self, mouth.calling(chat));
  }
}
