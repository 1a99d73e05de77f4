import type { Side } from '../side.ts';

/** A side of which nobody looks at what stands there: they say plain messages only. */
export const onlyWords = (side: Side): Side => ({
  name: side.name,
  people: side.people,
  say: (person, saying) => side.say(person, saying),
  record: () => ({ ...side.record(), things: new Map() }),
});
