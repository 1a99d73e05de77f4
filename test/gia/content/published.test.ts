import { decode, encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { messageIdOf, readContainer, writeContainer } from '#gia';
import { examples } from './examples.ts';

/** When the newest of the examples was said. */
const NOW_MS = 1_644_389_403_227;
const containers = examples.filter(({ id }) => id !== undefined);

describe('the published examples of the draft', () => {
  it('are fourteen containers and what is derived of one', () => {
    expect(containers).toHaveLength(14);
    expect(examples.map(({ name }) => name)).toContain('implied-original');
  });

  it.each(containers)('$name is written as it was read, byte for byte', ({ bytes }) => {
    expect(writeContainer(readContainer(bytes, NOW_MS), NOW_MS)).toEqual(bytes);
  });

  it('implied-original is encoded as the library encodes', () => {
    const { bytes } = examples.find(({ name }) => name === 'implied-original')!;

    expect(new Uint8Array(encode(decode(bytes)))).toEqual(bytes);
  });

  it.each(containers)('$name has the id that is published', ({ bytes, id }) => {
    const { sender = '', room = '' } = readContainer(bytes, NOW_MS);

    expect(messageIdOf(bytes, sender, room)).toBe(id);
  });
});
