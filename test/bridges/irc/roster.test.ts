import { describe, expect, it } from 'vitest';
import { Roster } from '../../../bridges/irc/roster.ts';

const made = () => new Roster((name) => name.toLowerCase());

describe('Roster', () => {
  it('says whether somebody is new in a channel', () => {
    const roster = made();
    expect(roster.enter('#a', { nick: 'Bob' })).toBe(true);
    expect(roster.enter('#A', { nick: 'bob' })).toBe(false);
    expect(roster.enter('#b', { nick: 'bob' })).toBe(true);
  });

  it('keeps what it knows of somebody who is told of again with less', () => {
    const roster = made();
    roster.enter('#a', { nick: 'Bob', mask: 'b@h', ours: {} });
    roster.enter('#b', { nick: 'Bob' });
    expect(roster.person('BOB')).toMatchObject({ mask: 'b@h', ours: {} });
  });

  it('forgets those who are in no channel any more', () => {
    const roster = made();
    roster.enter('#a', { nick: 'bob' });
    roster.enter('#b', { nick: 'bob' });
    expect(roster.leave('#a', 'bob')).toBe(true);
    expect(roster.leave('#a', 'bob')).toBe(false);
    expect(roster.person('bob')).toBeDefined();
    roster.leave('#b', 'bob');
    expect(roster.person('bob')).toBeUndefined();
  });

  it('knows what somebody is in each channel, as long as they are there', () => {
    const roster = made();
    roster.enter('#a', { nick: 'bob' }, 'ov');
    roster.enter('#a', { nick: 'bob' });
    roster.enter('#b', { nick: 'bob' });
    roster.setRank('#a', 'BOB', { letter: 'o', isSet: false });
    roster.setRank('#b', 'bob', { letter: 'h', isSet: true });
    roster.setRank('#b', 'bob', { letter: 'h', isSet: true });
    roster.setRank('#a', 'nobody', { letter: 'o', isSet: true });
    expect([roster.rank('#a', 'bob'), roster.rank('#b', 'bob')]).toEqual(['v', 'h']);
    roster.leave('#a', 'bob');
    roster.enter('#a', { nick: 'bob' });
    expect(roster.rank('#a', 'bob')).toBe('');
    expect(roster.person('nobody')).toBeUndefined();
  });

  it('knows where somebody was who is gone', () => {
    const roster = made();
    roster.enter('#a', { nick: 'bob' });
    roster.enter('#b', { nick: 'bob' });
    expect(roster.quit('Bob')).toEqual(['#a', '#b']);
    expect(roster.quit('Bob')).toEqual([]);
  });

  it('follows a renaming, also one that changes only the case', () => {
    const roster = made();
    roster.enter('#a', { nick: 'bob', mask: 'b@h' });
    expect(roster.rename('bob', 'BOB')).toEqual(['#a']);
    expect(roster.person('bob')?.nick).toBe('BOB');
    expect(roster.rename('bob', 'robert')).toEqual(['#a']);
    expect(roster.members('#a')).toMatchObject([{ nick: 'robert', mask: 'b@h' }]);
    expect(roster.rename('nobody', 'x')).toEqual([]);
  });

  it('empties one channel only', () => {
    const roster = made();
    roster.enter('#a', { nick: 'bob' });
    roster.enter('#b', { nick: 'bob' });
    roster.empty('#A');
    expect(roster.members('#a')).toEqual([]);
    expect(roster.members('#b')).toHaveLength(1);
  });
});
