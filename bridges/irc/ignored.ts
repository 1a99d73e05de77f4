import type { AdapterState } from '#adapter';
import type { Source } from './wire/line.ts';

const KEY = 'ignored';
const MOST = 200;

type Fold = (name: string) => string;

/** Whose private messages somebody does not want: masks, `nick!user@host` with `*` for anything. */
export class Ignored {
  private readonly state: AdapterState;
  private masks: readonly string[] = [];

  constructor(state: AdapterState) {
    this.state = state;
  }

  async load(): Promise<void> {
    const stored = await this.state.get(KEY);
    this.masks = stored ? JSON.parse(Buffer.from(stored).toString()) : [];
  }

  get all(): readonly string[] {
    return this.masks;
  }

  has({ nick, user = '', host = '' }: Source, fold: Fold): boolean {
    const whole = fold(`${nick}!${user}@${host}`);
    return this.masks.some((mask) => matches(fold(mask), whole));
  }

  /** Resolves once it is on disk. False: there are too many. */
  async add(words: string, fold: Fold): Promise<boolean> {
    const others = this.without(words, fold);
    if (others.length === MOST) return false;
    await this.keep([...others, maskOf(words)]);
    return true;
  }

  /** False: it was not there. */
  async remove(words: string, fold: Fold): Promise<boolean> {
    const others = this.without(words, fold);
    if (others.length === this.masks.length) return false;
    await this.keep(others);
    return true;
  }

  private without(words: string, fold: Fold): readonly string[] {
    return this.masks.filter((mask) => fold(mask) !== fold(maskOf(words)));
  }

  private async keep(masks: readonly string[]): Promise<void> {
    this.masks = masks;
    await this.state.save([this.state.change(KEY, Buffer.from(JSON.stringify(masks)))]);
  }
}

/** A nick stands for whoever has it. */
export const maskOf = (words: string): string => (/[!@]/.test(words) ? words : `${words}!*@*`);

/** Whether a text is as a pattern says, in which `*` is any text. Never goes back further than the last `*`. */
export function matches(pattern: string, text: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from++;
      retry = at;
    } else if (pattern[from] === text[at]) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      from = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(from));
}
