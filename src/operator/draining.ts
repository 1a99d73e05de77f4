import type { Log } from '../ports/log.ts';
import { count } from '../util/fields.ts';
import { AskedWrongly } from './door.ts';

export interface Draining {
  /** Asked for a second time it goes on as it is. */
  begin(asked: unknown): Promise<void>;
  isUnderWay(): boolean;
  /** Resolves once nothing waits any more, or its time is over. */
  readonly done: Promise<void>;
}

/** Takes nothing new from the homeserver, which keeps it, and gets over what waits. */
export function draining(
  engine: { drain(deadlineMs: number): Promise<boolean> },
  face: { close(): Promise<void> },
  log: Log,
): Draining {
  let isUnderWay = false;
  let end = () => {};
  const done = new Promise<void>((resolve) => (end = resolve));

  async function drain(deadlineMs: number): Promise<void> {
    log('info', 'Draining: nothing new is taken, and what waits is got over', { deadlineMs });
    const [isEmpty] = await Promise.all([engine.drain(deadlineMs), face.close()]);
    if (isEmpty) log('info', 'Drained: nothing waits');
    else log('warn', 'Not all could be got over in time; it waits for the next start');
  }

  return {
    done,
    isUnderWay: () => isUnderWay,
    async begin(asked) {
      const deadlineMs = count(asked, 'deadlineMs');
      if (deadlineMs === undefined) throw new AskedWrongly('deadlineMs is to be a number');
      if (isUnderWay) return;
      isUnderWay = true;
      void drain(deadlineMs)
        .catch((error: unknown) => log('error', 'It cannot drain', { error: String(error) }))
        .then(end);
    },
  };
}
