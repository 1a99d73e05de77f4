/** What came of a number of messages, counted from the logs of both sides. */
export interface Verdict {
  readonly sent: number;
  /** How many of them are there at least once. */
  readonly arrived: number;
  readonly lost: number;
  /** Copies beyond the first. */
  readonly doubled: number;
  /** How many came only after one that was sent later. */
  readonly outOfOrder: number;
  /** What arrived and was never sent, such as a message that was changed on its way. */
  readonly strange: number;
}

/**
 * Compares what was said, in the order in which its side confirmed it, with what stands in the log
 * of the other side. Each text of `sent` is there once.
 */
export function countVerdict(sent: readonly string[], arrived: readonly string[]): Verdict {
  const places = new Map(sent.map((text, place) => [text, place]));
  const seen = new Set<number>();
  let furthest = -1;
  let doubled = 0;
  let outOfOrder = 0;
  let strange = 0;
  for (const text of arrived) {
    const place = places.get(text);
    if (place === undefined) strange++;
    else if (seen.has(place)) doubled++;
    else {
      seen.add(place);
      if (place < furthest) outOfOrder++;
      else furthest = place;
    }
  }
  const lost = sent.length - seen.size;
  return { sent: sent.length, arrived: seen.size, lost, doubled, outOfOrder, strange };
}

/** Whether everything arrived once and in order. */
export function isFlawless({ lost, doubled, outOfOrder, strange }: Verdict): boolean {
  return lost + doubled + outOfOrder + strange === 0;
}
