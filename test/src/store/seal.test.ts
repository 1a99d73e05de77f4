import { describe, expect, it } from 'vitest';
import { type Place, sealer } from '../../../src/store/seal.ts';

const key = new Uint8Array(32).fill(1);
const place: Place = ['adapter_state', 'net', null, 'k'];
const value = Uint8Array.of(1, 2, 3);

describe('sealer', () => {
  it('opens what it sealed, also nothing at all', () => {
    const one = sealer(key);
    expect(one.open(place, one.seal(place, value))).toEqual(value);
    expect(one.open(place, one.seal(place, new Uint8Array()))).toEqual(new Uint8Array());
  });

  it('seals the same value differently each time', () => {
    const one = sealer(key);
    expect(one.seal(place, value).bytes).not.toEqual(one.seal(place, value).bytes);
  });

  it('does not open a value in another place', () => {
    const one = sealer(key);
    const sealed = one.seal(place, value);
    const others: Place[] = [
      ['fact', 'net', null, 'k'],
      ['adapter_state', 'other', null, 'k'],
      ['adapter_state', 'net', 'ann', 'k'],
      ['adapter_state', 'net', null, 'l'],
      ['adapter_state', 'net', 'null', 'k'],
    ];
    for (const other of others) expect(() => one.open(other, sealed)).toThrow(/moved there/);
  });

  it('does not open what was changed or cut', () => {
    const one = sealer(key);
    const { keyId, bytes } = one.seal(place, value);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => one.open(place, { keyId, bytes: changed })).toThrow(/damaged/);
      expect(() => one.open(place, { keyId, bytes: bytes.subarray(0, at) })).toThrow(/damaged/);
    }
  });

  it('says which key a value needs', () => {
    const sealed = sealer(key).seal(place, value);
    const other = sealer(new Uint8Array(32).fill(2));
    expect(() => other.open(place, sealed)).toThrow(
      new RegExp(`net / k is encrypted with the storage key ${sealed.keyId}.*give the key`),
    );
  });

  it('refuses a key of another length', () => {
    expect(() => sealer(new Uint8Array(16))).toThrow(/16 bytes instead of 32/);
  });
});
