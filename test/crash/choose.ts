import type { Chance } from './chance.ts';
import { removalOf } from './crossing.ts';
import { isFirstLine, linesIn, longText } from './lines.ts';
import type { Saying, Thing } from './side.ts';

export interface Choice {
  readonly person: string;
  readonly chat: string;
  /** Nobody else ever says this. */
  readonly label: string;
  /** What stands in the chat and was not taken back. */
  readonly things: readonly Thing[];
  readonly chance: Chance;
  /** Some of what is said is cut into lines of so many bytes on the other side. Absent: none is. */
  readonly lineBytes?: number | undefined;
  /** Some of it the other side does not know. */
  readonly unsupported?: boolean | undefined;
}

const longShare = 0.2;
const longCounts = [2, 3, 4];

/** What somebody says next: mostly a message, else something about an earlier one. */
export function chooseSaying(choice: Choice): Saying {
  const { chance, chat, label, person, things } = choice;
  const messages = things.filter(({ what }) => what === 'message');
  const isOwn = ({ speaker }: Thing) => speaker === person;
  const roll = chance.fraction();
  if (roll < 0.1) {
    const target = one(chance, messages.filter(isOwn));
    if (target) return { what: 'edit', text: editOf(target, choice), chat, target };
  } else if (roll < 0.2) {
    const target = one(
      chance,
      messages.filter(({ text }) => isFirstLine(text)),
    );
    if (target) return { what: 'reaction', text: `${label} reaction`, chat, target };
  } else if (roll < 0.28) {
    const target = one(chance, things.filter(isOwn));
    if (target) return { what: 'removal', text: removalOf(target.text), chat, target };
  } else if (roll < 0.3 && choice.unsupported) {
    return { what: 'unsupported', text: label, chat };
  }
  return { what: 'message', text: newText(choice), chat };
}

function newText({ chance, label, lineBytes }: Choice): string {
  if (lineBytes === undefined || !chance.happens(longShare)) return label;
  return longText(label, chance.one(longCounts), lineBytes);
}

/** As many lines as before: more of them have no place there. */
function editOf({ text }: Thing, { label, lineBytes }: Choice): string {
  const count = linesIn(text).length;
  if (lineBytes === undefined || count === 1) return `${label} edit`;
  return longText(`${label} edit`, count, lineBytes);
}

const one = (chance: Chance, things: readonly Thing[]): Thing | undefined =>
  things.length === 0 ? undefined : chance.one(things);
