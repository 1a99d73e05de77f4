import { describe, expect, it } from 'vitest';
import { type Backlog, mostGrownMiB } from './backlog.ts';
import { backlogTable, countBacklog } from './backlog-report.ts';
import type { Said } from './crossing.ts';
import { judge } from './judge.ts';

const said = ['one', 'two'].map(
  (text): Said => ({ text, what: 'message', chat: 'ch-1', sender: 'anna' }),
);

function backlog(texts: readonly string[], grownMiB = 100): Backlog {
  const crossing = {
    said,
    arrived: texts.map((text) => ({ ...said[0]!, text, sender: 'ghost' })),
    ...{ told: new Map(), toldTwice: new Set<string>(), unlinked: new Set<string>() },
    ...{ mayStayUnknown: false, hidesRemoved: false, mayComeLate: false },
  };
  const way = { name: 'Matrix to network', crossing, findings: judge(crossing) };
  return {
    messages: 2,
    ways: [way],
    waits: [{ awayMs: 1000, backMs: 2000, beforeMiB: 90, peakMiB: 90 + grownMiB }],
  };
}

describe('countBacklog', () => {
  it('fails nothing where all came once, in order and in little memory', () => {
    expect(countBacklog(backlog(['one', 'two']))).toEqual({ passed: 8, failed: 0 });
  });

  it('fails where one is lost, or the memory grew, or fewer were said than were meant to be', () => {
    expect(countBacklog(backlog(['one']))).toEqual({ passed: 7, failed: 1 });
    expect(countBacklog(backlog(['one', 'two'], mostGrownMiB))).toEqual({ passed: 7, failed: 1 });
    const more = { ...backlog(['one', 'two']), messages: 3 };
    expect(countBacklog(more)).toEqual({ passed: 7, failed: 1 });
  });
});

describe('backlogTable', () => {
  it('has a line for each direction, and what went wrong', () => {
    const [, line, fault] = backlogTable(backlog(['one'])).split('\n');
    expect(line?.split(/ {2,}/)).toEqual([
      ...['Matrix to network', '2', '1', '1', '1 s', '2 s', '90 MiB', '190 MiB'],
    ]);
    expect(fault).toContain('"two" lost');
  });
});
