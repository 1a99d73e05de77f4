import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../bridges/loopback/format.ts';
import { aNetwork, carryOut, open, part, say, signal } from './fixture.ts';

/** Ann's enlisted voice on a network whose lines have eight bytes. */
async function annOfShortLines() {
  const { network, bob } = await aNetwork('drops-repeats', 8);
  const { session, voice } = await open(network.url);
  return { network, bob, ann: await session(voice('v1', 'enlisted', 'Ann')) };
}

describe('linesOf', () => {
  it.each([
    ['', 4, ['']],
    ['abcd', 4, ['abcd']],
    ['abcdefghi', 4, ['abcd', 'efgh', 'i']],
    ['aéé', 3, ['aé', 'é']],
    ['aaa😀b', 4, ['aaa', '😀', 'b']],
    ['😀😀', 7, ['😀', '😀']],
    ['a\nb', undefined, ['a\nb']],
  ])('makes of %j, with %s bytes a line, %j', (text, maxBytes, lines) => {
    expect(linesOf(text, maxBytes)).toEqual(lines);
  });
});

describe('loopback on a network of short lines', () => {
  it('says a long text in several messages, the first of which is the answer', async () => {
    const { network, bob, ann } = await annOfShortLines();
    const replyTo = await bob.say('lobby', 'who?');
    const body = { text: 'one two öthree', html: '<b>one two öthree</b>', as: 'emote' };
    const ids = await carryOut(ann.on.message, { kind: 'message', body, replyTo });
    const said = network.messages().slice(1);
    expect(said.map(({ id }) => id)).toEqual(ids);
    expect(said.map(({ text }) => text)).toEqual(['one two ', 'öthree']);
    expect(said.map(({ style }) => style)).toEqual(['emote', 'emote']);
    expect(said.map((message) => message.replyTo)).toEqual([replyTo, undefined]);
    expect(said.map(({ html }) => html)).toEqual([undefined, undefined]);
  });

  it('edits line by line, and takes back the lines that are left over', async () => {
    const { network, ann } = await annOfShortLines();
    const target = await say(ann, 'one two three four');
    expect(target).toHaveLength(3);
    for (let n = 0; n < 2; n++)
      await carryOut(ann.on.edit, { kind: 'edit', target, body: { text: 'ONE TWO THREE' } });
    expect(network.log().slice(-3)).toMatchObject([
      { type: 'edit', target: target[0], text: 'ONE TWO ' },
      { type: 'edit', target: target[1], text: 'THREE' },
      { type: 'removal', target: target[2] },
    ]);
  });

  it('refuses an edit that needs more lines, before anything is changed', async () => {
    const { network, ann } = await annOfShortLines();
    const target = await say(ann, 'one');
    const edit = carryOut(ann.on.edit, { kind: 'edit', target, body: { text: 'one two three' } });
    await expect(edit).rejects.toMatchObject({ code: 'too_large', effect: 'none' });
    expect(network.log().at(-1)).toMatchObject({ type: 'message', text: 'one' });
  });

  it('takes back every line', async () => {
    const { network, ann } = await annOfShortLines();
    const target = await say(ann, 'one two three');
    await ann.on.removal?.send(part({ kind: 'removal', target }), signal);
    const removed = network
      .log()
      .flatMap((entry) => (entry.type === 'removal' ? entry.target : []));
    expect(removed).toEqual(target);
  });
});
