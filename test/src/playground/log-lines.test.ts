import { describe, expect, it } from 'vitest';
import { LogTail } from '../../../src/playground/log-lines.ts';

describe('LogTail', () => {
  it('keeps the last lines, however they come in pieces', () => {
    const tail = new LogTail(2);
    for (const piece of ['on', 'e\ntwo\n', '\nthree\nfo', 'ur']) tail.add(piece);
    expect(tail.lines).toEqual(['three', 'four']);
  });

  it('leaves out the date, which says nothing on a live page', () => {
    const tail = new LogTail(2);
    tail.add('2026-11-21T09:40:23.014Z info  The bridge is running port=1\n');
    expect(tail.lines).toEqual(['09:40:23 info  The bridge is running port=1']);
  });
});
