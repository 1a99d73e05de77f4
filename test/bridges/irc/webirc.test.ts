import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFor, isBindPrefix, isPrefix, sourceFor } from '../../../bridges/irc/webirc.ts';

describe('addressFor', () => {
  it('is in the prefix, the same each time, and another for each', () => {
    const ann = addressFor('2001:db8:0:7::/64', '@ann:example.org');
    expect(ann).toMatch(/^2001:db8:0:7:/);
    expect(addressFor('2001:db8:0:7::/64', '@ann:example.org')).toBe(ann);
    const all = Array.from({ length: 1_000 }, (_, n) => addressFor('fd00::/96', `@${n}:x`));
    expect(new Set(all).size).toBe(1_000);
  });

  it('keeps the bits of the prefix and no more of it', () => {
    expect(addressFor('2001:db8:ffff:ffff::1/36', '@ann:example.org')).toMatch(/^2001:db8:f/);
    expect(addressFor('2001:db8:ffff:ffff::1/36', '@ann:example.org')).not.toMatch(
      /^2001:db8:ffff/,
    );
    expect(addressFor('::/64', '@ann:example.org')).toMatch(/^0:0:0:0:/);
  });

  it('is an address whoever asks', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 96 }), (userId, length) =>
        isIPv6(addressFor(`fd00:1::/${length}`, userId)),
      ),
    );
  });
});

describe('sourceFor', () => {
  it('is an address in a prefix of either kind, always the same', () => {
    expect(sourceFor('fd00::/64', '@ann:x')).toBe(addressFor('fd00::/64', '@ann:x'));
    const ann = sourceFor('127.32.0.0/11', '@ann:x');
    expect(sourceFor('127.32.0.0/11', '@ann:x')).toBe(ann);
    expect(isIPv4(ann)).toBe(true);
    const [first, second] = ann.split('.').map(Number);
    expect([first, (second ?? 0) & 0b11100000]).toEqual([127, 32]);
    expect(sourceFor('127.0.0.0/8', '@ben:x')).not.toBe(sourceFor('127.0.0.0/8', '@ann:x'));
  });
});

describe('isBindPrefix', () => {
  it.each(['127.0.0.0/8', '10.1.0.0/16', 'fd00::/64'])('takes %s', (text) => {
    expect(isBindPrefix(text)).toBe(true);
  });

  it.each(['127.0.0.1', '10.0.0.0/17', '300.0.0.0/8', 'fd00::/97'])('refuses %s', (text) => {
    expect(isBindPrefix(text)).toBe(false);
  });
});

describe('isPrefix', () => {
  it.each(['2001:db8::/64', 'fd00::/96', '::/0', '1:2:3:4:5:6:7:8/48'])('takes %s', (text) => {
    expect(isPrefix(text)).toBe(true);
  });

  it.each(['2001:db8::', '10.0.0.0/8', '2001:db8::/97', '2001::db8::/64', ':::/4', 'x/64'])(
    'refuses %s',
    (text) => {
      expect(isPrefix(text)).toBe(false);
    },
  );
});
