import { setImmediate as roundOfTheLoop } from 'node:timers/promises';
import type { Portal } from '../model/portal.ts';
import type { Storage } from '../ports/store.ts';

/** The portals of a network, or of all, read some at a time: however many there are, messages go on meanwhile. */
export async function* portalsOf(
  { portals }: Pick<Storage, 'portals'>,
  network?: string,
): AsyncIterable<Portal> {
  let some = await portals.after(0, network);
  while (some.length > 0) {
    yield* some;
    await roundOfTheLoop();
    some = await portals.after(some.at(-1)?.id ?? 0, network);
  }
}
