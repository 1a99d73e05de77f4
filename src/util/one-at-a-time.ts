/**
 * Does the work for a key never twice at once. Whoever asks while it runs gets what is done after that, once for all
 * of them, as what runs may have begun with what is no longer so.
 */
export function oneAtATime<Key>(work: (key: Key) => Promise<void>): (key: Key) => Promise<void> {
  const running = new Map<Key, Promise<void>>();
  const waiting = new Map<Key, Promise<void>>();

  function begin(key: Key): Promise<void> {
    const begun = work(key).finally(() => running.delete(key));
    running.set(key, begun);
    return begun;
  }

  function run(key: Key): Promise<void> {
    const now = running.get(key);
    if (now === undefined) return begin(key);
    const there = waiting.get(key);
    if (there !== undefined) return there;
    const next = now
      .catch(() => {})
      .then(() => {
        waiting.delete(key);
        return run(key);
      });
    waiting.set(key, next);
    return next;
  }

  return run;
}
