import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('takes all servers where none is named', () => {
    expect(readOptions(['--seed', '7'])).toEqual({
      ...{ kills: 10, seed: 7, keep: false },
      servers: ['inspircd-history', 'inspircd', 'ngircd'],
    });
  });

  it('says what is wrong', () => {
    expect(() => readOptions(['--server', 'hybrid'])).toThrow('--server: there is no "hybrid"');
    expect(() => readOptions(['--kills', '0'])).toThrow('--kills');
  });
});
