import { type AdapterState, fitsMask } from '#adapter';
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
    return this.masks.some((mask) => fitsMask(whole, fold(mask)));
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
