import type { RemoteMessageId } from '#adapter';

/** Something that was said, as far as it takes to know it again. */
export interface Quoted {
  readonly nick: string;
  readonly text: string;
}

const MOST_CHARACTERS = 50;
/** What is older is not quoted any more. */
const REMEMBERED = 500;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What was said last in a chat, by its ids. Only who is in the chat has read it, and nobody else is shown it. */
export class Recent {
  private readonly said = new Map<RemoteMessageId, Quoted>();

  add(id: RemoteMessageId, quoted: Quoted): void {
    this.said.set(id, { ...quoted, text: shortened(quoted.text) });
    const [oldest] = this.said.keys();
    if (this.said.size > REMEMBERED && oldest !== undefined) this.said.delete(oldest);
  }

  get(id: RemoteMessageId): Quoted | undefined {
    return this.said.get(id);
  }
}

/** On one line, and not all of it if it is long. */
function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...graphemes.segment(line.slice(0, 10 * MOST_CHARACTERS))];
  if (characters.length <= MOST_CHARACTERS) return line;
  const first = characters.slice(0, MOST_CHARACTERS - 1).map(({ segment }) => segment);
  return `${first.join('').trimEnd()}…`;
}
