import { describe, expect, it } from 'vitest';
import { modeChanges } from '../../../bridges/irc/modes.ts';
import { Features } from '../../../bridges/irc/wire/isupport.ts';

const features = new Features().with(['PREFIX=(qov)~@+', 'CHANMODES=beI,k,l,imnst']);
const read = (line: string) =>
  modeChanges(line.split(' '), features).map(
    ({ isSet, letter, about }) => `${isSet ? '+' : '-'}${letter}${about ? ` ${about}` : ''}`,
  );

describe('modeChanges', () => {
  it.each([
    ['+o bob', ['+o bob']],
    ['+mo-v bob cyd', ['+m', '+o bob', '-v cyd']],
    ['-l+k-k key key', ['-l', '+k key', '-k key']],
    ['+lo 5 bob', ['+l 5', '+o bob']],
    ['b', []],
    ['+oq bob', ['+o bob']],
    ['', []],
  ])('reads %j', (line, changes) => expect(read(line)).toEqual(changes));

  it('believes nothing after a letter of which it does not know whether it has a parameter', () => {
    expect(read('+mXo mallory bob')).toEqual(['+m']);
  });

  it('knows what all servers have, where one does not tell', () => {
    const changes = modeChanges(['+bo', 'x!*@*', 'bob'], new Features());
    expect(changes.map(({ about }) => about)).toEqual(['x!*@*', 'bob']);
  });
});
