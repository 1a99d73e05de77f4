import type { Adopted } from '#adapter';
import type { Draft } from './config.ts';
import type { Plan } from './plan.ts';

const WORDS: Readonly<Record<Adopted, string>> = {
  new: 'new',
  there: 'there already',
  other: 'something else is there, and stays',
};

/** What was taken over, or would be, and what was not: a line for each row. */
export function report({ adoption, left }: Plan, outcomes: readonly Adopted[]): readonly string[] {
  const taken = [
    'the config',
    ...adoption.portals.map(
      ({ network, chat, room, origin }) =>
        `link of ${chat} on ${network} to ${room}${origin === 'alias' ? ', found by its alias' : ''}`,
    ),
    ...adoption.people.map(
      ({ network, userId, state }) =>
        `${userId} on ${network}: ${Object.keys(state).sort().join(', ')}`,
    ),
  ];
  return [
    'Taken over:',
    ...taken.map((what, i) => `  ${what} (${WORDS[outcomes[i] ?? 'new']})`),
    ...(left.length > 0 ? ['Not taken over:'] : []),
    ...left.map(({ what, why }) => `  ${what}: ${why}`),
  ];
}

/** What no program can do. */
export function toDo({ networks }: Draft, isWritten: boolean): readonly string[] {
  return [
    `Rooms stay what they are. Ghosts get other user ids: ${networks.map(ghostsOf).join(', ')}.`,
    isWritten
      ? 'Next: `drawbridge config check`, `drawbridge registration`, and letting the new bot into the rooms:'
      : 'Nothing was changed. Without --dry-run it is done; then the new bot has to be let into the rooms:',
    'docs/moving-from-matrix-appservice-irc.md says how.',
  ];
}

const ghostsOf = ({ id, ghosts }: Draft['networks'][number]): string =>
  `${ghosts} is @drawbridge_${id}_NICK`;
