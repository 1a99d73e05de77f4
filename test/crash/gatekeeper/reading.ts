import type { Told } from '../../../gatekeeper/client/hearing.ts';
import type { Said as SaidThere } from '../../../gia/index.ts';
import { type Arrived, removalOf, type Said } from '../crossing.ts';
import { push, type SideRecord, type Thing } from '../side.ts';

/** Makes of what people over there have said, and of what their clients have heard, what stands in their chats. */
export class GatekeeperReading implements SideRecord {
  readonly said: Said[] = [];
  readonly arrived: Arrived[] = [];
  readonly told = new Map<string, never>();
  readonly toldTwice = new Set<string>();
  readonly things = new Map<string, Thing[]>();
  /** What could not be read, by chat. */
  readonly holes: string[] = [];
  readonly #texts = new Map<string, string>();

  /** Somebody over there has said it, and the gatekeeper has taken it. */
  saidHere(who: { readonly chat: string; readonly person: string }, id: string, said: SaidThere) {
    this.#take({ ...who, list: this.said, speaker: who.person }, id, said);
  }

  /** @param from the Matrix user whose words they are */
  heard(chat: string, from: string, { what }: Told): void {
    if ('hole' in what) this.holes.push(`${chat}: ${what.hole}`);
    else this.#take({ chat, person: from, list: this.arrived }, what.id, what.said);
  }

  #take(who: Who, id: string, said: SaidThere): void {
    const thing = this.#thingOf(said);
    if (!thing) return;
    const { chat, person: sender, list, speaker } = who;
    this.#texts.set(id, thing.text);
    list.push({ ...thing, chat, sender });
    if (thing.what !== 'message' && thing.what !== 'reaction') return;
    const on = said.kind === 'reaction' ? { on: said.to } : {};
    const { what, text } = thing;
    push(this.things, chat, {
      id,
      what,
      text,
      chat,
      ...on,
      ...(speaker !== undefined && { speaker }),
    });
  }

  #thingOf(said: SaidThere): Pick<Said, 'what' | 'text' | 'of'> | undefined {
    switch (said.kind) {
      case 'message':
        return { what: 'message', text: textOf(said) };
      case 'edit':
        return { what: 'edit', text: textOf(said), of: this.#textOf(said.of) };
      case 'reaction':
        return { what: 'reaction', text: said.keys[0], of: this.#textOf(said.to) };
      case 'removal':
        return {
          what: 'removal',
          text: removalOf(this.#textOf(said.of)),
          of: this.#textOf(said.of),
        };
      case 'report':
        return undefined;
    }
  }

  #textOf(id: string): string {
    return this.#texts.get(id) ?? `an unknown message ${id}`;
  }
}

interface Who {
  readonly chat: string;
  readonly person: string;
  readonly list: (Said | Arrived)[];
  readonly speaker?: string;
}

const textOf = ({ items }: Extract<SaidThere, { kind: 'message' | 'edit' }>): string =>
  items.map((item) => (item.kind === 'text' ? item.text : '')).join('\n');
