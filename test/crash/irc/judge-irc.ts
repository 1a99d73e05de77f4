import type { Crossing, Said } from '../crossing.ts';
import { type Finding, judge } from '../judge.ts';
import type { SideRecord } from '../side.ts';
import type { Spoken } from '../talk.ts';
import type { Way } from '../ways.ts';
import type { ChannelLog } from './channel-log.ts';
import { findHoles } from './holes.ts';
import type { IrcKind } from './options.ts';
import type { RoomLine } from './room-lines.ts';

export interface IrcRecords {
  readonly server: IrcKind;
  readonly matrix: SideRecord;
  readonly irc: ChannelLog;
  readonly rooms: ReadonlyMap<string, readonly RoomLine[]>;
  /** By those in Matrix, and by those on IRC. */
  readonly spoken: readonly ReadonlyMap<string, Spoken>[];
  /** Of what was under way when the server was killed nobody may know whether it arrived. */
  readonly inDoubt: ReadonlySet<string>;
}

interface Judged {
  readonly ways: readonly Way[];
  readonly holes: { readonly told: number; readonly messages: number };
}

const rules = { hidesRemoved: true, mayComeLate: false, unlinked: new Set<string>() };

export function judgeIrc(records: IrcRecords): Judged {
  const { irc, rooms, server } = records;
  const keepsHistory = server === 'inspircd-history';
  const holes = [...irc.seen].map(([chat, seen]) =>
    findHoles({ chat, seen, room: rooms.get(chat) ?? [], keepsHistory }),
  );
  const excused = new Set(holes.flatMap((each) => [...each.excused]));
  const towardsMatrix = crossingToMatrix(records, excused);
  const towardsIrc = crossingToIrc(records);
  return {
    ways: [
      {
        ...{ name: 'Matrix to IRC', crossing: towardsIrc },
        findings: [...judge(towardsIrc), ...(keepsHistory ? needlessDoubts(records) : [])],
      },
      {
        ...{ name: 'IRC to Matrix', crossing: towardsMatrix },
        findings: [...judge(towardsMatrix), ...holes.flatMap(({ findings }) => findings)],
      },
    ],
    holes: { told: holes.reduce((sum, { told }) => sum + told, 0), messages: excused.size },
  };
}

function crossingToIrc({ matrix, irc, spoken }: IrcRecords): Crossing {
  const said = matrix.said.map((each): Said => ({ ...each, ...spoken[0]?.get(each.text) }));
  const { told, toldTwice } = matrix;
  return { ...rules, said, arrived: irc.arrived, told, toldTwice, mayStayUnknown: true };
}

/** In the order in which each has said it. What nobody heard need not have come to the server. */
function crossingToMatrix(
  { matrix, irc, spoken }: IrcRecords,
  excused: ReadonlySet<string>,
): Crossing {
  const there = new Set(matrix.arrived.map(({ text }) => text));
  const said = [...(spoken[1] ?? [])].flatMap(([text, times]): Said[] => {
    const [sender = '', chat = ''] = text.split(' ');
    const counts = there.has(text) || (irc.hasHeard(text) && !excused.has(text));
    return counts ? [{ text, what: 'message', chat, sender, ...times }] : [];
  });
  const { arrived } = matrix;
  return {
    ...{ ...rules, said, arrived, mayStayUnknown: false },
    ...{ told: new Map(), toldTwice: new Set<string>() },
  };
}

/** Where the channel keeps what was said, only a server that died leaves a doubt. */
function needlessDoubts({ matrix, inDoubt }: IrcRecords): Finding[] {
  return [...matrix.told].flatMap(([text, outcome]): Finding[] => {
    if (outcome !== 'unknown' || inDoubt.has(text)) return [];
    return [{ fault: 'told wrongly', text, why: 'unknown, where the history could have said' }];
  });
}
