import type { Crossing, Said } from './crossing.ts';
import type { Rules } from './flight.ts';
import { type Finding, judge } from './judge.ts';
import { inLines, toldInLines } from './lines.ts';
import type { Certainty, HomeserverKind } from './options.ts';
import type { SideRecord } from './side.ts';
import type { Spoken } from './talk.ts';

/** One direction, and all that went wrong in it. */
export interface Way {
  readonly name: string;
  readonly crossing: Crossing;
  readonly findings: readonly Finding[];
}

interface BothRules {
  readonly towardsNetwork: Rules;
  readonly towardsMatrix: Rules;
}

/** What may be missing in each direction, for reasons that are no fault of the bridge. */
export const rulesOf = (of: {
  readonly certainty: Certainty;
  readonly homeserver?: HomeserverKind;
}): BothRules => ({
  towardsNetwork: {
    mayStayUnknown: of.certainty === 'nothing',
    hidesRemoved: true,
    mayComeLate: (of.homeserver ?? 'dev') !== 'dev',
  },
  towardsMatrix: { mayStayUnknown: false, hidesRemoved: false, mayComeLate: false },
});

/** Both directions of a run, judged by what the two logs say. */
export function judgeBoth(
  { matrix, remote }: { readonly matrix: SideRecord; readonly remote: SideRecord },
  rules: BothRules,
  spoken: ReadonlyMap<string, Spoken>,
): readonly Way[] {
  const way = (name: string, crossing: Crossing) => ({ name, crossing, findings: judge(crossing) });
  return [
    way('Matrix to network', crossingOf(matrix, remote, { ...rules.towardsNetwork, spoken })),
    way('network to Matrix', crossingOf(remote, matrix, { ...rules.towardsMatrix, spoken })),
  ];
}

function crossingOf(
  from: SideRecord,
  to: SideRecord,
  { spoken, ...rules }: Rules & { readonly spoken: ReadonlyMap<string, Spoken> },
): Crossing {
  const said = from.said.map((each): Said => ({ ...each, ...spoken.get(each.text) }));
  return {
    ...rules,
    said: said.flatMap(inLines),
    arrived: to.arrived.flatMap(inLines),
    told: toldInLines(from.told),
    toldTwice: from.toldTwice,
    unlinked: new Set(toldInLines(to.told).keys()),
  };
}
