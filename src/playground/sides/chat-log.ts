/** What became of something said here, as the bridge tells it. */
export type Fate = 'retrying' | 'delivered' | 'failed' | 'unknown';

export interface Reaction {
  readonly emoji: string;
  readonly by: string;
  /** Where the side gives reactions ids of their own. */
  readonly id?: string;
}

/** One thing said in a chat, as it stands now. */
export interface Line {
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly as?: 'emote' | 'notice';
  readonly atMs: number;
  readonly replyTo?: string;
  /** Said by the bridge for somebody on the other side. */
  readonly bridged: boolean;
  readonly edited: boolean;
  readonly removed: boolean;
  readonly reactions: readonly Reaction[];
  readonly fate?: Fate;
}

/** One thing that happened in a chat. Both sides are told in these. */
export type ChatChange =
  | ({ readonly kind: 'said' } & Pick<Line, 'id' | 'sender' | 'text' | 'atMs' | 'bridged'> &
      Partial<Pick<Line, 'as' | 'replyTo'>>)
  | { readonly kind: 'edited'; readonly target: string; readonly text: string }
  /** Of a line, or of a reaction that has an id. */
  | { readonly kind: 'removed'; readonly target: string }
  | ({ readonly kind: 'reacted'; readonly target: string; readonly removed: boolean } & Reaction)
  | { readonly kind: 'fate'; readonly target: string; readonly fate: Fate };

type Kind = ChatChange['kind'];
type Change<K extends Kind> = Extract<ChatChange, { kind: K }>;

/** The newest lines of one side, brought up to date change by change. */
export class ChatLog {
  readonly #lines = new Map<string, Line>();
  readonly #reactionTargets = new Map<string, string>();
  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get lines(): readonly Line[] {
    return [...this.#lines.values()];
  }

  line(id: string): Line | undefined {
    return this.#lines.get(id);
  }

  /** The line as it is now. `undefined`: nothing changed, or it is about a line that is not kept. */
  apply(change: ChatChange): Line | undefined {
    switch (change.kind) {
      case 'said':
        return this.#said(change);
      case 'edited':
        return this.#change(change.target, (line) =>
          line.removed ? undefined : { ...line, text: change.text, edited: true },
        );
      case 'removed':
        return this.#removed(change);
      case 'reacted':
        return this.#reacted(change);
      case 'fate':
        return this.#change(change.target, (line) =>
          line.fate === change.fate ? undefined : { ...line, fate: change.fate },
        );
    }
  }

  #said({ kind: _, ...said }: Change<'said'>): Line | undefined {
    if (this.#lines.has(said.id)) return undefined;
    const line = { ...said, edited: false, removed: false, reactions: [] };
    this.#lines.set(said.id, line);
    for (const oldest of this.#lines.keys()) {
      if (this.#lines.size <= this.#keep) break;
      this.#forget(oldest);
    }
    return line;
  }

  #forget(id: string): void {
    for (const reaction of this.#lines.get(id)?.reactions ?? []) {
      if (reaction.id !== undefined) this.#reactionTargets.delete(reaction.id);
    }
    this.#lines.delete(id);
  }

  #removed({ target }: Change<'removed'>): Line | undefined {
    const reacted = this.#reactionTargets.get(target);
    if (reacted === undefined)
      return this.#change(target, (line) => ({ ...line, text: '', removed: true, reactions: [] }));
    this.#reactionTargets.delete(target);
    return this.#change(reacted, (line) => ({
      ...line,
      reactions: line.reactions.filter(({ id }) => id !== target),
    }));
  }

  #reacted({ target, emoji, by, id, removed }: Change<'reacted'>): Line | undefined {
    return this.#change(target, (line) => {
      if (line.removed) return undefined;
      const others = line.reactions.filter((each) => each.emoji !== emoji || each.by !== by);
      if (removed && others.length === line.reactions.length) return undefined;
      if (id !== undefined && !removed) this.#reactionTargets.set(id, target);
      const reaction = id === undefined ? { emoji, by } : { emoji, by, id };
      return { ...line, reactions: removed ? others : [...others, reaction] };
    });
  }

  #change(id: string, how: (line: Line) => Line | undefined): Line | undefined {
    const line = this.#lines.get(id);
    const changed = line && how(line);
    if (changed !== undefined) this.#lines.set(id, changed);
    return changed;
  }
}
