/** One thing that somebody said. Its text is in no other thing, on either side. */
export interface Said {
  readonly text: string;
  readonly what: 'message' | 'edit' | 'reaction';
  readonly chat: string;
  readonly sender: string;
  /** The text of the message that is edited or reacted to. */
  readonly of?: string;
  /** When it was handed to its own side, and when that side answered. Absent: it never answered. */
  readonly sentAtMs?: number;
  readonly confirmedAtMs?: number;
}

/** One thing that the bridge put into a chat for somebody. */
export interface Arrived {
  readonly text: string;
  readonly what: Said['what'];
  readonly chat: string;
  readonly sender: string;
  readonly of?: string;
}

/** What the bridge told a sender about one thing that they said. */
export type Outcome = 'unknown' | 'failed';

/** One direction of one run. Both lists are in the order of their side's log. */
export interface Crossing {
  readonly said: readonly Said[];
  readonly arrived: readonly Arrived[];
  readonly told: ReadonlyMap<string, Outcome>;
  /** Whether the outcome of a message may stay unknown, if its sender is told. */
  readonly mayStayUnknown: boolean;
  /** Messages of the other direction that are unknown, so that a reaction to them finds nothing. */
  readonly unlinked: ReadonlySet<string>;
}

export type Fault =
  | 'lost'
  | 'doubled'
  | 'out of order'
  | 'never said'
  | 'changed'
  | 'under a wrong name'
  | 'told wrongly';

export interface Finding {
  readonly fault: Fault;
  readonly text: string;
  readonly why: string;
}

/** Everything that went wrong in a crossing. Nothing: every promise was kept. */
export function judge(crossing: Crossing): Finding[] {
  return [
    ...findLost(crossing),
    ...findDoubled(crossing),
    ...findStrange(crossing),
    ...findWrongNames(crossing),
    ...findWronglyTold(crossing),
    ...findSenderDisorder(crossing),
    ...findConfirmedDisorder(crossing),
  ];
}

function findLost({ said, arrived, told, mayStayUnknown, unlinked }: Crossing): Finding[] {
  const there = new Set(arrived.map((each) => each.text));
  const isUnknown = (text: string) => mayStayUnknown && told.get(text) === 'unknown';
  // To what may not be there nobody can react; its sender knows of it.
  const isExcused = ({ text, what, of = '' }: Said) =>
    isUnknown(text) || (what === 'reaction' && (isUnknown(of) || unlinked.has(of)));
  return said
    .filter((each) => !there.has(each.text) && !isExcused(each))
    .map(({ text }) => {
      const outcome = told.get(text);
      const why = outcome === undefined ? 'nobody was told' : `its sender was told: ${outcome}`;
      return { fault: 'lost', text, why };
    });
}

function findDoubled({ arrived }: Crossing): Finding[] {
  const counts = new Map<string, number>();
  for (const { text } of arrived) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([text, count]) => ({ fault: 'doubled', text, why: `it is there ${count} times` }));
}

function findStrange({ said, arrived, told }: Crossing): Finding[] {
  const known = new Map(said.map((each) => [each.text, each]));
  return arrived.flatMap((there): Finding[] => {
    const { text } = there;
    const from = known.get(text);
    if (from === undefined) return [{ fault: 'never said', text, why: `it is in ${there.chat}` }];
    if (from.chat !== there.chat) {
      return [{ fault: 'changed', text, why: `from ${from.chat} it came to ${there.chat}` }];
    }
    // Of what it is about nobody may know whether it arrived: then it may become a plain message.
    if (there.what === 'message' && told.has(from.of ?? '')) return [];
    if (from.what === there.what && from.of === there.of) return [];
    const why = `${from.what} of "${from.of}" became ${there.what} of "${there.of}"`;
    return [{ fault: 'changed', text, why }];
  });
}

/** Everybody has one name on the other side, and nobody else has it. */
function findWrongNames({ said, arrived }: Crossing): Finding[] {
  const senders = new Map(said.map((each) => [each.text, each.sender]));
  const names = new Map<string, string>();
  const owners = new Map<string, string>();
  return arrived.flatMap(({ text, sender: name }): Finding[] => {
    const sender = senders.get(text);
    if (sender === undefined) return [];
    if (!names.has(sender)) names.set(sender, name);
    if (!owners.has(name)) owners.set(name, sender);
    if (names.get(sender) === name && owners.get(name) === sender) return [];
    const why = `${sender} is ${names.get(sender)}, and ${name} is ${owners.get(name)}`;
    return [{ fault: 'under a wrong name', text, why }];
  });
}

function findWronglyTold({ said, arrived, told, mayStayUnknown }: Crossing): Finding[] {
  const known = new Set(said.map((each) => each.text));
  const there = new Set(arrived.map((each) => each.text));
  return [...told].flatMap(([text, outcome]): Finding[] => {
    const fault = 'told wrongly';
    if (!known.has(text)) return [{ fault, text, why: `${outcome}, of what nobody said` }];
    if (outcome === 'failed' && there.has(text)) {
      return [{ fault, text, why: 'failed, and yet it arrived' }];
    }
    if (outcome === 'unknown' && !mayStayUnknown) {
      return [{ fault, text, why: 'unknown, where the network could have said' }];
    }
    return [];
  });
}

/** What one sender says in a chat keeps its order. */
function findSenderDisorder(crossing: Crossing): Finding[] {
  const places = new Map(crossing.said.map((each, place) => [each.text, { ...each, place }]));
  const newest = new Map<string, { place: number; text: string }>();
  return firstArrivals(crossing).flatMap(({ text }): Finding[] => {
    const from = places.get(text);
    if (from === undefined) return [];
    const voice = `${from.sender} in ${from.chat}`;
    const before = newest.get(voice);
    if (before !== undefined && before.place > from.place) {
      return [{ fault: 'out of order', text, why: `${voice} said it before "${before.text}"` }];
    }
    newest.set(voice, { place: from.place, text });
    return [];
  });
}

/** B comes after A, whoever said them, where A was confirmed before B was sent. */
function findConfirmedDisorder(crossing: Crossing): Finding[] {
  const known = new Map(crossing.said.map((each) => [each.text, each]));
  const latest = new Map<string, { sentAtMs: number; text: string }>();
  return firstArrivals(crossing).flatMap(({ text }): Finding[] => {
    const from = known.get(text);
    if (from?.sentAtMs === undefined) return [];
    const before = latest.get(from.chat);
    if (before === undefined || before.sentAtMs < from.sentAtMs) {
      latest.set(from.chat, { sentAtMs: from.sentAtMs, text });
    }
    if (before === undefined || from.confirmedAtMs === undefined) return [];
    if (before.sentAtMs <= from.confirmedAtMs) return [];
    return [
      { fault: 'out of order', text, why: `it was confirmed before "${before.text}" was sent` },
    ];
  });
}

/** A second copy has no place in any order; and whose sender was told "unknown" may come at any time. */
function firstArrivals({ arrived, told }: Crossing): Arrived[] {
  const seen = new Set<string>();
  return arrived.filter(({ text }) => {
    if (seen.has(text) || told.has(text)) return false;
    seen.add(text);
    return true;
  });
}
