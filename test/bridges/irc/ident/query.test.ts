import { describe, expect, it } from 'vitest';
import { answerTo, readQuery } from '../../../../bridges/irc/ident/query.ts';

describe('readQuery', () => {
  it('takes two ports, with spaces wherever they are', () => {
    const query = { localPort: 6193, remotePort: 6667 };
    for (const line of ['6193,6667', ' 6193 , 6667\r', '6193,  6667']) {
      expect(readQuery(line)).toEqual(query);
    }
  });

  it.each(['', '6193', '0,1', '1,65536', '1,2,3', '-1,2', '1e3,2', 'GET / HTTP/1.1'])(
    'takes no “%s”',
    (line) => expect(readQuery(line)).toBeUndefined(),
  );
});

describe('answerTo', () => {
  it('names the user, or says that there is none', () => {
    const query = { localPort: 1, remotePort: 2 };
    expect(answerTo(query, 'ann')).toBe('1 , 2 : USERID : UNIX : ann\r\n');
    expect(answerTo(query)).toBe('1 , 2 : ERROR : NO-USER\r\n');
  });
});
