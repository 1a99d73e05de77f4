/** Runs what belongs to one key one after another, and different keys side by side. */
export function inOrder(): (key: string, work: () => Promise<void>) => void {
  const queues = new Map<string, (() => Promise<void>)[]>();

  async function run(key: string, queue: (() => Promise<void>)[]): Promise<void> {
    // Cut now and then: to take the first of a long list each time would cost its length.
    for (let at = 0; at < queue.length; at++) {
      await queue[at]?.().catch((error: unknown) => {
        process.stderr.write(`Given up: ${String(error)}\n`);
      });
      if (at > 64 && at * 2 > queue.length) {
        queue.splice(0, at + 1);
        at = -1;
      }
    }
    queues.delete(key);
  }

  return (key, work) => {
    const waiting = queues.get(key);
    if (waiting) {
      waiting.push(work);
      return;
    }
    const queue = [work];
    queues.set(key, queue);
    void run(key, queue);
  };
}
