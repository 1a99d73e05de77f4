import type { Handler, Part, Sent } from '#adapter';
import { targetOf } from './ids.ts';
import type { Refusal } from './joins.ts';
import { order } from './order.ts';
import { failureOfAsk, type Mouth, refused } from './say.ts';
import { memberLines } from './to-remote.ts';

/** They are not in the channel, or already invited to where they are: it is as it should be. */
const ALREADY = new Set(['401', '441', '443']);

/**
 * Kicks, bans and invites. Where the answer is lost nobody can say whether it was done: done twice, it
 * would put out whoever has come back meanwhile, and who is in the channel may have.
 */
export class Moderate implements Handler<'member'> {
  private readonly mouth: Mouth;
  private readonly bans: boolean;

  /** @param bans whether a ban is set on the channel; else whoever is banned is only put out. */
  constructor(mouth: Mouth, bans: boolean) {
    this.mouth = mouth;
    this.bans = bans;
  }

  async send({ key, action }: Part<'member'>, signal: AbortSignal): Promise<Sent> {
    const connection = this.mouth.connection();
    const { features } = connection.state;
    try {
      const names = new Set([targetOf(action.chat), action.who].map((name) => features.fold(name)));
      const isFine = ({ code }: Refusal) => ALREADY.has(code);
      const about = { token: key, names, isFine, signal };
      const refusal = await order(connection, memberLines(action, features, this.bans), about);
      if (refusal) throw refused(refusal);
      return { ids: [] };
    } catch (error) {
      throw failureOfAsk(error);
    }
  }
}
