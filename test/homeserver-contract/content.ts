import { expect, it } from 'vitest';
import { type Client, createRoom, join, say } from '../src/testing/dev-homeserver/support/api.ts';
import { type Open, verdict } from './bench.ts';
import { idsOf, lastEvent, timeline } from './look.ts';
import { sendTo, text } from './say.ts';

export function sizeClauses(open: Open): void {
  // What servers add depends on the names, on the place of the event, and on who was there before.
  it.each([
    ['11', 64_905, 64_907],
    ['12', 64_935, 64_937],
  ])(
    'is 64 KiB of an event with all that servers add, in version %s',
    async (version, most, mostOfBob) => {
      const { alice, bob } = open();
      const room = await createRoom(alice, { preset: 'public_chat', room_version: version });
      await join(bob, room);
      for (const word of ['a', 'b', 'c', 'd']) await say(alice, room, word);
      const letters = (who: Client, count: number) => verdict(say(who, room, 'a'.repeat(count)));
      expect(await letters(alice, most + 1)).toBe('413 M_TOO_LARGE');
      expect(await letters(bob, mostOfBob + 1)).toBe('413 M_TOO_LARGE');
      expect(await letters(alice, most)).toBe('200');
      expect(await letters(bob, mostOfBob)).toBe('200');
    },
  );

  it('counts bytes, as they are in JSON', async () => {
    const { one, room, name } = open();
    const send = (body: string) => verdict(one.put(sendTo(room, name()), text(body)));
    expect(await send('ä'.repeat(32_450))).toBe('200');
    expect(await send('ä'.repeat(32_500))).toBe('413 M_TOO_LARGE');
    expect(await send('\n'.repeat(32_500))).toBe('413 M_TOO_LARGE');
  });

  it('is 255 bytes of a type', async () => {
    const { one, room, name } = open();
    const send = (type: string) => verdict(one.put(sendTo(room, name(), type), {}));
    expect(await send('t'.repeat(255))).toBe('200');
    expect(await send('t'.repeat(256))).toBe('413 M_TOO_LARGE');
  });
}

export function oddJsonClauses(open: Open): void {
  it.each([
    ['a fraction', '{"a":1.5}', '400 M_BAD_JSON'],
    ['a whole number with a point', '{"a":1.0}', '400 M_BAD_JSON'],
    ['an exponent', '{"a":[1e3]}', '400 M_BAD_JSON'],
    ['a number beyond 2^53', '{"a":9007199254740993}', '400 M_BAD_JSON'],
    ['half a surrogate pair', '{"a":"\\ud800"}', '500 M_UNKNOWN'],
    ['half a surrogate pair in a key', '{"\\ud800":1}', '500 M_UNKNOWN'],
    ['no JSON', '{nope', '400 M_NOT_JSON'],
    ['NaN', '{"a":NaN}', '400 M_NOT_JSON'],
    ['nothing', '', '400 M_NOT_JSON'],
    ['a list', '[]', '400 M_BAD_JSON'],
    [
      'what is not UTF-8',
      Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
      '400 M_NOT_JSON',
    ],
  ])('is refused where it is %s', async (_, raw, expected) => {
    const { one, room, name } = open();
    const before = idsOf(await timeline(one, room));
    expect(await verdict(one.put(sendTo(room, name(), 'x.y'), {}, { raw }))).toBe(expected);
    expect(idsOf(await timeline(one, room))).toEqual(before);
  });

  it('is taken with numbers in a text, the largest whole number, a NUL, and null', async () => {
    const { one, room, name } = open();
    const raw = '{"a":"1.5 \\" 2.5","b":-9007199254740991,"c":"\\u0000","d":null,"e":[[]],"":{}}';
    const { status } = await one.put(sendTo(room, name(), 'x.y'), {}, { raw });
    expect(status).toBe(200);
    expect((await lastEvent(one, room)).content).toEqual(JSON.parse(raw));
  });

  it('keeps the last of two values of one key', async () => {
    const { one, room, name } = open();
    await one.put(sendTo(room, name(), 'x.y'), {}, { raw: '{"a":1,"a":2}' });
    expect((await lastEvent(one, room)).content).toEqual({ a: 2 });
  });
}
