import type { Arrived, Outcome, Said } from './crossing.ts';

/** What somebody is about to say. */
export interface Saying {
  readonly text: string;
  readonly what: Said['what'];
  readonly chat: string;
  /** What is edited, reacted to or taken back. */
  readonly target?: Thing;
}

/** A message or reaction that stands in a side's log, and can be the target of what comes after. */
export interface Thing {
  /** The speaker's side's own. */
  readonly id: string;
  readonly what: 'message' | 'reaction';
  readonly text: string;
  readonly chat: string;
  /** Whose words they are. Absent: the bridge put them there. */
  readonly speaker?: string;
  /** The id of what is reacted to. */
  readonly on?: string;
}

/** What a side's own log says happened, read anew at each call. */
export interface SideRecord {
  readonly said: readonly Said[];
  readonly arrived: readonly Arrived[];
  /** By the text that it is about. Only where senders are told. */
  readonly told: ReadonlyMap<string, Outcome>;
  readonly toldTwice: ReadonlySet<string>;
  /** By chat. */
  readonly things: ReadonlyMap<string, readonly Thing[]>;
}

/** One of the two sides: the people there, and its log. */
export interface Side {
  readonly name: string;
  readonly people: readonly string[];
  /** Resolves once its server has confirmed it. Rejects when nobody knows whether it was said. */
  say(person: string, saying: Saying): Promise<void>;
  record(): SideRecord;
}

/** The time that one request may take: a server that is held up answers nobody. */
export const requestMs = 3000;

/** Asks for something in JSON. Rejects when there is no answer in time, or one that refuses. */
export async function ask<T>(
  url: string,
  options: { method?: string; token?: string; body?: unknown } = {},
): Promise<T> {
  const { method = 'GET', token, body } = options;
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(requestMs),
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** Adds to the list that is kept under a key. */
export function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
