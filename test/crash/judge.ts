import { type Arrived, type Crossing, mayBeMissing, type Said, takenBack } from './crossing.ts';
import { findConfirmedDisorder, findSenderDisorder } from './order.ts';
import { findNotRemoved } from './removals.ts';

export type Fault =
  | 'lost'
  | 'doubled'
  | 'out of order'
  | 'not removed'
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
    ...findNotRemoved(crossing),
  ];
}

function findLost(crossing: Crossing): Finding[] {
  const { said, arrived, told } = crossing;
  const there = new Set(arrived.map((each) => each.text));
  const isThere = (text: string) => there.has(text);
  const grounds = { ...crossing, removed: takenBack(said), isThere };
  return said
    .filter((each) => !isThere(each.text) && !mayBeMissing(each, grounds))
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

function findStrange(crossing: Crossing): Finding[] {
  const known = new Map(crossing.said.map((each) => [each.text, each]));
  return crossing.arrived.flatMap((there): Finding[] => {
    const { text } = there;
    const from = known.get(text);
    if (from === undefined) return [{ fault: 'never said', text, why: `it is in ${there.chat}` }];
    const why = whatChanged(from, there, crossing);
    return why === undefined ? [] : [{ fault: 'changed', text, why }];
  });
}

function whatChanged(from: Said, there: Arrived, crossing: Crossing): string | undefined {
  if (from.chat !== there.chat) return `from ${from.chat} it came to ${there.chat}`;
  if (there.isLate && !crossing.mayComeLate) return 'it says that it is late';
  if (there.what === 'message' && mayBeSaidAnew(crossing)(from.of ?? '')) return undefined;
  if (from.what === there.what && from.of === there.of) return undefined;
  return `${from.what} of "${from.of}" became ${there.what} of "${there.of}"`;
}

/** Of what it is about nobody may know whether it arrived: then it may become a plain message. */
const mayBeSaidAnew =
  ({ told }: Crossing) =>
  (of: string) =>
    told.has(of);

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

function findWronglyTold(crossing: Crossing): Finding[] {
  const { said, arrived, told, toldTwice, mayStayUnknown } = crossing;
  const known = new Set(said.map((each) => each.text));
  const there = new Set(arrived.map((each) => each.text));
  const fault = 'told wrongly';
  const twice = [...toldTwice].map((text) => ({ fault, text, why: 'told twice' }) as const);
  const wrong = [...told].flatMap(([text, outcome]): Finding[] => {
    if (!known.has(text)) return [{ fault, text, why: `${outcome}, of what nobody said` }];
    if (outcome === 'failed' && there.has(text)) {
      return [{ fault, text, why: 'failed, and yet it arrived' }];
    }
    if (outcome === 'unknown' && !mayStayUnknown) {
      return [{ fault, text, why: 'unknown, where the network could have said' }];
    }
    return [];
  });
  return [...twice, ...wrong];
}
