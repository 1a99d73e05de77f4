import { describe, expect, it } from 'vitest';
import { optionsFrom } from '../../../../src/testing/loopback-network/flags.ts';

describe('optionsFrom', () => {
  it('takes what is told, and else what is usual', () => {
    expect(optionsFrom([])).toEqual({ certainty: 'drops-repeats', port: 0 });
    const args = ['--certainty', 'echoes', '--port', '80', '--dir', 'd', '--bot-token', 't'];
    expect(optionsFrom(args)).toEqual({ certainty: 'echoes', port: 80, dir: 'd', botToken: 't' });
    expect(optionsFrom(['--max-line-bytes', '80'])).toMatchObject({ maxLineBytes: 80 });
  });

  it.each([
    [['--certainty', 'maybe'], '--certainty: there is no maybe'],
    [['--port', '99999'], '--port: 99999 is no port'],
    [['--port='], '--port'],
    [['--port', 'x'], '--port'],
    [['--max-line-bytes', '3'], '--max-line-bytes: expected a whole number from 4 on'],
    [['--max-line-bytes', 'x'], '--max-line-bytes'],
    [['--colour', 'red'], '--colour'],
    [['stray'], 'stray'],
  ])('refuses %j', (args, message) => {
    expect(() => optionsFrom(args)).toThrow(message);
  });
});
