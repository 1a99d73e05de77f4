/** The shortest limit that any server has (RFC 1459 1.2). */
const SHORTEST = 9;
const MOST_ATTEMPTS = 40;

/** Which nick to ask for, after those that were taken. */
export interface NickChoice {
  readonly wanted: string;
  /** How many were refused as taken. */
  readonly taken: number;
  readonly maxLength?: number;
}

/** `ann`, `ann_`, `ann2`, `ann3` …, each cut so that its ending fits. */
export function nickOf({ wanted, taken, maxLength }: NickChoice): string {
  const ending = taken === 0 ? '' : taken === 1 ? '_' : String(taken);
  const room = maxLength === undefined ? wanted.length : Math.max(1, maxLength - ending.length);
  return wanted.slice(0, room) + ending;
}

export function afterTaken(choice: NickChoice): NickChoice | undefined {
  return choice.taken < MOST_ATTEMPTS ? { ...choice, taken: choice.taken + 1 } : undefined;
}

/** A server calls a nick erroneous also when it is only too long. */
export function afterErroneous(choice: NickChoice): NickChoice | undefined {
  const length = nickOf(choice).length;
  return length > SHORTEST ? { ...choice, maxLength: SHORTEST } : undefined;
}
