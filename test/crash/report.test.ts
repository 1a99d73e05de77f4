import { describe, expect, it } from 'vitest';
import type { Said } from './crossing.ts';
import { judge } from './judge.ts';
import { countPromises, details, killsLine, table } from './report.ts';
import type { Outcome } from './run-certainty.ts';
import type { Way } from './ways.ts';

const said = ['one', 'two', 'three'].map(
  (text): Said => ({ text, what: 'message', chat: 'ch-1', sender: 'anna', sentAtMs: 5 }),
);

function way(texts: readonly string[]): Way {
  const arrived = texts.map((text) => ({ ...said[0]!, text, sender: 'ghost' }));
  const crossing = {
    said,
    arrived,
    told: new Map(),
    toldTwice: new Set<string>(),
    mayStayUnknown: false,
    hidesRemoved: false,
    mayComeLate: false,
    unlinked: new Set<string>(),
  };
  return { name: 'Matrix to network', crossing, findings: judge(crossing) };
}

function outcome(of: Way, troubles: readonly string[] = []): Outcome {
  const life = { startedAtMs: 0, killedAtMs: 9, whileStarting: false } as const;
  const round = {
    number: 1,
    trouble: 'none',
    ...life,
    towardsMatrix: 60,
    towardsNetwork: 60,
  } as const;
  return {
    certainty: 'echoes',
    rounds: [round],
    ways: [of],
    troubles,
    tookMs: 1,
    dir: '/somewhere',
  };
}

describe('killsLine', () => {
  it('tells how many kills came while a server was away, or after it lost something', () => {
    const { rounds, ...rest } = outcome(way(['one']));
    const troubles = [
      'none',
      'network killed',
      'homeserver held up',
      'homeserver restarted',
      'queue lost',
    ] as const;
    const all = troubles.map((trouble) => ({ ...rounds[0]!, trouble }));
    expect(killsLine({ ...rest, rounds: all })).toBe(
      '5 kills in 0 s, 1 while the network was away, 1 the homeserver, 1 after it lost its queue',
    );
  });
});

describe('countPromises', () => {
  it('counts each promise of each direction, and that the bridge worked', () => {
    expect(countPromises([outcome(way(['one', 'two', 'three']))])).toEqual({
      passed: 7,
      failed: 0,
    });
  });

  it('counts a promise as broken once, however often it was', () => {
    const broken = outcome(way(['one', 'one', 'two', 'two']), ['it ended', 'twice']);
    expect(countPromises([broken])).toEqual({ passed: 4, failed: 3 });
  });

  it('counts no promise as kept where nothing crossed', () => {
    expect(countPromises([outcome(way([]))])).toEqual({ passed: 1, failed: 6 });
  });
});

describe('table', () => {
  it('has a line for each direction', () => {
    const [, line] = table([outcome(way(['one', 'one', 'three']))]).split('\n');
    expect(line?.split(/ {2,}/)).toEqual([
      'echoes',
      'Matrix to network',
      '1',
      '3',
      '2',
      '1',
      '1',
      '0',
      '0',
      '0',
      '0',
      '0',
    ]);
  });
});

describe('details', () => {
  it('says nothing where nothing went wrong', () => {
    expect(details(outcome(way(['one', 'two', 'three'])))).toBe('');
  });

  it('tells of a lost message what was going on when it was said', () => {
    const text = details(outcome(way(['one', 'two'])));
    expect(text).toContain('"three" lost: nobody was told');
    expect(text).toContain('while the bridge ran for round 1 (none), 4 ms before its kill');
    expect(text).toContain('never confirmed');
    expect(text).toContain('/somewhere');
  });
});
