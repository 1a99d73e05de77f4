import type { Arrived, Crossing } from './crossing.ts';
import type { Finding } from './judge.ts';

const fault = 'out of order';

/** What one sender says in a chat keeps its order. */
export function findSenderDisorder(crossing: Crossing): Finding[] {
  const places = new Map(crossing.said.map((each, place) => [each.text, { ...each, place }]));
  const newest = new Map<string, { place: number; text: string }>();
  return firstArrivals(crossing).flatMap(({ text }): Finding[] => {
    const from = places.get(text);
    if (from === undefined) return [];
    const voice = `${from.sender} in ${from.chat}`;
    const before = newest.get(voice);
    if (before !== undefined && before.place > from.place) {
      return [{ fault, text, why: `${voice} said it before "${before.text}"` }];
    }
    newest.set(voice, { place: from.place, text });
    return [];
  });
}

/** B comes after A, whoever said them, where A was confirmed before B was sent. */
export function findConfirmedDisorder(crossing: Crossing): Finding[] {
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
    return [{ fault, text, why: `it was confirmed before "${before.text}" was sent` }];
  });
}

/**
 * A second copy has no place in any order, nor has what says that it is late; and whose sender was told
 * "unknown" may come at any time. Of what is no message nobody there can see that it is late.
 */
function firstArrivals({ arrived, told, mayComeLate }: Crossing): Arrived[] {
  const seen = new Set<string>();
  return arrived.filter(({ text, what, isLate }) => {
    if (seen.has(text) || told.has(text)) return false;
    if (mayComeLate && (isLate || what !== 'message')) return false;
    seen.add(text);
    return true;
  });
}
