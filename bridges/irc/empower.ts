import type { Handler, MatrixAction, Part, Sent } from '#adapter';
import { targetOf } from './ids.ts';
import type { Refusal } from './joins.ts';
import type { Named } from './mentions.ts';
import { order } from './order.ts';
import { failureOfAsk, type Mouth, refused } from './say.ts';
import type { Features } from './wire/isupport.ts';
import { buildLine } from './wire/line.ts';

/** Who has left meanwhile needs nothing. */
const GONE = new Set(['401', '441']);
/** It may not do that: the bot may. */
const NOT_ALLOWED = new Set(['442', '482']);

/** What somebody is for a power: the highest letter that it reaches, of those that the server knows. */
export function letterFor(
  power: number,
  levels: Readonly<Record<string, number>>,
  { prefixModes }: Pick<Features, 'prefixModes'>,
): string {
  const reached = [...prefixModes].filter((letter) => (levels[letter] ?? Infinity) <= power);
  const most = Math.max(...reached.map((letter) => levels[letter] ?? 0));
  return reached.find((letter) => levels[letter] === most) ?? '';
}

export interface Empowering {
  /** The power that each letter takes. */
  readonly levels: Readonly<Record<string, number>>;
  /** What somebody is called in a channel. `undefined`: they are not in it. */
  nickIn(channel: string, who: Named): string | undefined;
}

/** Makes people operators, half-operators or voiced, and takes it from them: by whoever did it, else by the bot. */
export class Empower implements Handler<'power'> {
  readonly dropsRepeats = true;
  private readonly mouths: readonly Mouth[];
  private readonly empowering: Empowering;

  /** @param mouths the next is used where the one before it may not. */
  constructor(mouths: readonly Mouth[], empowering: Empowering) {
    this.mouths = mouths;
    this.empowering = empowering;
  }

  async send({ key, action }: Part<'power'>, signal: AbortSignal): Promise<Sent> {
    let refusal: Refusal | undefined;
    for (const mouth of this.mouths) {
      refusal = await this.by(mouth, action, { key, signal });
      if (!refusal || !NOT_ALLOWED.has(refusal.code)) break;
    }
    if (refusal) throw refused(refusal);
    return { ids: [] };
  }

  private async by(
    mouth: Mouth,
    { chat, changes }: MatrixAction<'power'>,
    { key, signal }: { readonly key: string; readonly signal: AbortSignal },
  ): Promise<Refusal | undefined> {
    const connection = mouth.connection();
    const { features } = connection.state;
    const channel = targetOf(chat);
    const names = new Set([features.fold(channel)]);
    const lines = changes.flatMap(({ was, is, ...who }) => {
      const nick = this.empowering.nickIn(channel, who);
      const [before, after] = [was, is].map((power) =>
        letterFor(power, this.empowering.levels, features),
      );
      if (nick === undefined || before === after) return [];
      names.add(features.fold(nick));
      const letters = (before ? `-${before}` : '') + (after ? `+${after}` : '');
      const nicks = [before, after].filter(Boolean).map(() => nick);
      return [buildLine('MODE', [channel, letters, ...nicks])];
    });
    if (lines.length === 0) return undefined;
    try {
      const isFine = ({ code }: Refusal) => GONE.has(code);
      return await order(connection, lines, { token: key, names, isFine, signal });
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}
