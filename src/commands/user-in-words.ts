import type { UserState } from '../engine/overseer.ts';
import { roughly, table } from '../util/table.ts';

const header = ['NETWORK', 'VOICE', 'STATE', 'CALLED', 'LAST USED', 'WAITING', 'REMARKS'];

/** What somebody is to the bridge, as it is printed and as the bot says it. */
export function userInWords(
  { user, permission, networks }: UserState,
  nowMs: number,
): readonly string[] {
  return [
    `${user} has the permission “${permission}”.`,
    ...table(
      header,
      networks.flatMap((one) => rows(one, nowMs)),
    ),
  ];
}

function rows(one: UserState['networks'][number], nowMs: number): readonly string[][] {
  const remarks = [
    ...(one.isOptedOut ? ['opted out'] : []),
    ...(one.isHeldBack ? ['held back'] : []),
  ].join(', ');
  const end = [`${one.waiting}`, remarks];
  if (one.voices.length === 0) return [[one.network, 'none', '', '', '', ...end]];
  return one.voices.map(({ kind, is, self, lastUsedAtMs }) => [
    ...[one.network, kind, is, self ?? ''],
    lastUsedAtMs === undefined ? '' : `${roughly(nowMs - lastUsedAtMs)} ago`,
    ...end,
  ]);
}

/** What came of a kill. */
export const killInWords = (user: string, closed: readonly string[]): string =>
  closed.length === 0
    ? `Nothing of ${user} is open.`
    : `Closed: ${closed.join(', ')}. What waits of theirs, or what they say next, opens it again: “none” in the permissions keeps them out.`;
