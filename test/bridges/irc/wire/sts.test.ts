import { describe, expect, it } from 'vitest';
import { readSts } from '../../../../bridges/irc/wire/sts.ts';

describe('readSts', () => {
  it.each([
    ['port=6697,duration=2592000,preload', { port: 6697, durationS: 2_592_000 }],
    ['duration=0', { durationS: 0 }],
    ['duration=60,new=thing', { durationS: 60 }],
    ['', {}],
    ['port=0', {}],
    ['port=65536,duration=-1', {}],
    ['port=6697x,duration=1e9', {}],
  ])('reads “%s”', (value, read) => expect(readSts(value)).toEqual(read));
});
