import { describe, expect, it } from 'vitest';
import { linesOf } from '../../bridges/loopback/format.ts';
import { removalOf, type Said } from './crossing.ts';
import { inLines, isFirstLine, linesIn, longText, toldInLines } from './lines.ts';

const lineBytes = 60;
const text = longText('anna ch-1 7', 3, lineBytes);
const said = { what: 'message', text, chat: 'ch-1', sender: 'anna' } as const satisfies Said;

describe('longText', () => {
  it.each(['', '* '])('is cut by a network into lines that name themselves, after %j', (before) => {
    const lines = linesOf(before + text, lineBytes);
    expect(lines.map((line) => line.slice(line.indexOf('anna')).slice(0, 15))).toEqual([
      'anna ch-1 7 1/3',
      'anna ch-1 7 2/3',
      'anna ch-1 7 3/3',
    ]);
    expect(lines).toEqual(linesIn(before + text));
    expect(lines.map(isFirstLine)).toEqual([true, false, false]);
  });
});

describe('inLines', () => {
  const [first, second, third] = linesIn(text);
  const parts = (of: Said) => inLines(of).map((line) => [line.text, line.of]);

  it('makes a message of each line', () => {
    expect(parts(said)).toEqual([first, second, third].map((line) => [line, undefined]));
    expect(inLines({ ...said, text: 'short' })).toEqual([{ ...said, text: 'short' }]);
  });

  it('edits and takes back line by line, and feels about the first', () => {
    const edited = longText('edit', 3, lineBytes);
    expect(parts({ ...said, what: 'edit', text: edited, of: text })).toEqual(
      linesIn(edited).map((line, n) => [line, linesIn(text)[n]]),
    );
    expect(parts({ ...said, what: 'removal', text: removalOf(text), of: text })).toEqual(
      linesIn(text).map((line) => [removalOf(line), line]),
    );
    expect(parts({ ...said, what: 'reaction', text: 'yes', of: text })).toEqual([['yes', first]]);
  });
});

describe('toldInLines', () => {
  it('tells of each line what was told of the whole', () => {
    const told = toldInLines(new Map([[text, 'unknown']]));
    expect([...told]).toEqual(linesIn(text).map((line) => [line, 'unknown']));
  });

  it('tells of each line that is taken back what was told of the removal', () => {
    const told = toldInLines(new Map([[removalOf(text), 'failed']]));
    expect([...told]).toEqual(linesIn(text).map((line) => [removalOf(line), 'failed']));
  });
});
