import { describe, expect, it } from 'vitest';
import { certainties, readOptions } from './options.ts';

describe('readOptions', () => {
  it('kills forty times with every certainty unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ kills: 40, certainties, keep: false });
  });

  it('takes what it is given', () => {
    const args = ['--kills', '7', '--certainty', 'nothing', '--seed', '12', '--keep'];
    const expected = {
      ...{ kills: 7, certainties: ['nothing'], homeserver: 'dev' },
      ...{ seed: 12, keep: true, points: false },
    };
    expect(readOptions(args)).toEqual(expected);
  });

  it('takes what chooses among the crash points', () => {
    const args = ['--points', '--sample', '20', '--part', '2/4', '--only', 'commit'];
    const expected = { points: true, sample: 20, part: { nth: 2, of: 4 }, only: 'commit' };
    expect(readOptions(args)).toMatchObject(expected);
    expect(readOptions([])).toMatchObject({ points: false });
  });

  it('takes another homeserver', () => {
    expect(readOptions(['--homeserver', 'synapse'])).toMatchObject({ homeserver: 'synapse' });
  });

  it('takes how many are to wait', () => {
    expect(readOptions(['--backlog', '9'])).toMatchObject({ backlog: 9 });
    expect(readOptions([])).not.toHaveProperty('backlog');
  });

  it.each([
    [['--sample', '3'], '--points'],
    [['--points', '--sample', '0'], '--sample'],
    [['--part', '1/2'], '--points'],
    [['--points', '--part', '3/2'], '3/2'],
    [['--points', '--part', '1'], '--part'],
    [['--kills', '0'], '--kills'],
    [['--kills', 'many'], 'many'],
    [['--backlog', '0'], '--backlog'],
    [['--certainty', 'some'], 'some'],
    [['--homeserver', 'some'], 'some'],
    [['--points', '--homeserver', 'synapse'], 'homeserver of its own'],
    [['--seed', '-1'], '--seed'],
    [['--speed', '1'], '--speed'],
  ])('refuses %j and says what is wrong', (args, word) => {
    expect(() => readOptions(args)).toThrow(word);
  });
});
