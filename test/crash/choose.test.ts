import { describe, expect, it } from 'vitest';
import { Chance } from './chance.ts';
import { chooseSaying } from './choose.ts';
import { linesIn, longText } from './lines.ts';
import type { Thing } from './side.ts';

const lineBytes = 60;
const message = { what: 'message', chat: 'ch-1' } as const;
const things: readonly Thing[] = [
  { ...message, id: '1', text: longText('hers', 3, lineBytes), speaker: 'anna' },
  { ...message, id: '2', text: 'his', speaker: 'bert' },
  { ...message, id: '3', text: '🧩the rest of theirs' },
  { id: '4', what: 'reaction', chat: 'ch-1', text: 'felt', speaker: 'anna', on: '2' },
];

const choices = (of: readonly Thing[] = things) =>
  Array.from({ length: 300 }, (_, seed) =>
    chooseSaying({
      ...{ person: 'anna', chat: 'ch-1', label: 'next', things: of, lineBytes },
      chance: new Chance(seed),
    }),
  );
const targets = (what: string) =>
  new Set(choices().flatMap((saying) => (saying.what === what ? [saying.target?.id] : [])));

describe('chooseSaying', () => {
  it('edits and takes back only what is the speaker’s own, and reacts to any message by its beginning', () => {
    expect(targets('edit')).toEqual(new Set(['1']));
    expect(targets('removal')).toEqual(new Set(['1', '4']));
    expect(targets('reaction')).toEqual(new Set(['1', '2']));
  });

  it('says something new where there is nothing to say it about', () => {
    expect(new Set(choices([]).map(({ what }) => what))).toEqual(new Set(['message']));
  });

  it('says long and short things, and edits in as many lines as before', () => {
    const counts = (what: string) =>
      new Set(
        choices().flatMap((saying) => (saying.what === what ? [linesIn(saying.text).length] : [])),
      );
    expect(counts('message')).toEqual(new Set([1, 2, 3, 4]));
    expect(counts('edit')).toEqual(new Set([3]));
  });

  it('says what the other side does not know only where it is asked to', () => {
    const known = choices().filter(({ what }) => what === 'unsupported');
    const some = Array.from({ length: 300 }, (_, seed) =>
      chooseSaying({
        ...{ person: 'anna', chat: 'ch-1', label: 'next', things, unsupported: true },
        chance: new Chance(seed),
      }),
    ).filter(({ what }) => what === 'unsupported');
    expect([known.length, some.length > 0]).toEqual([0, true]);
  });

  it('says nothing long where nobody cuts it', () => {
    const short = (saying: { text: string }) => linesIn(saying.text).length === 1;
    const [his] = things.slice(1);
    const said = Array.from({ length: 100 }, (_, seed) =>
      chooseSaying({
        ...{ person: 'bert', chat: 'ch-1', label: 'next', things: his ? [his] : [] },
        chance: new Chance(seed),
      }),
    );
    expect(said.every(short)).toBe(true);
  });
});
