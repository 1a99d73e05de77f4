import { type AdapterState, fitsMask, type RemoteChatId, type StateChange } from '#adapter';
import type { Person } from './roster.ts';

const KEY = 'ban/';

/** Whom a ban was found to mean is kept, as its lifting means the same, whoever is there then. */
export class Bans {
  private readonly state: AdapterState;
  private readonly meant = new Map<string, string>();

  constructor(state: AdapterState) {
    this.state = state;
  }

  async load(): Promise<void> {
    for await (const [key, nick] of this.state.list(KEY))
      this.meant.set(key, Buffer.from(nick).toString());
  }

  /** Nobody, if it may mean nobody or several. */
  set(chat: RemoteChatId, mask: string, nick: string | undefined): readonly StateChange[] {
    if (nick === undefined) return [];
    this.meant.set(KEY + chat + mask, nick);
    return [this.state.change(KEY + chat + mask, Buffer.from(nick))];
  }

  lifted(chat: RemoteChatId, mask: string): { nick?: string; save: readonly StateChange[] } {
    const key = KEY + chat + mask;
    const nick = this.meant.get(key);
    if (nick === undefined || !this.meant.delete(key)) return { save: [] };
    return { nick, save: [this.state.change(key, null)] };
  }
}

/**
 * The one whom a ban on a channel means: who is there and fits it, alone; else whom it names.
 *
 * @param fold as the server compares names.
 */
export function meantBy(
  mask: string,
  people: readonly Person[],
  fold: (name: string) => string,
): Person | undefined {
  // Whatever is no plain mask (an account, a ban of another kind) means somebody only to the server.
  const [, nick, rest] = /^([^!@:]+)!([^!@]+@[^!@]+)$/.exec(mask) ?? [];
  if (nick === undefined || rest === undefined) return undefined;
  const named = people.filter((person) => fitsMask(fold(person.nick), fold(nick)));
  const mayBe = named.filter((person) => fits(rest, person, fold) !== false);
  const [first] = mayBe;
  if (first) return mayBe.length === 1 && fits(rest, first, fold) ? first : undefined;
  return /[*?]/.test(nick) || named.length > 0 ? undefined : { nick };
}

/** `undefined`: the server does not tell where they are. */
function fits(rest: string, { mask }: Person, fold: (name: string) => string): boolean | undefined {
  if (rest === '*@*') return true;
  return mask === undefined ? undefined : fitsMask(fold(mask), fold(rest));
}
