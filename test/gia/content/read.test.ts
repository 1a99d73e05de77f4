import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BadContent,
  type Container,
  type Part,
  readContainer,
  semantics,
  writeContainer,
} from '#gia';
import { examples } from './examples.ts';
import { extremes, honestContainer, hostile, NOW_MS } from './hostile.ts';

function refusalOf(bytes: Uint8Array): string {
  try {
    readContainer(bytes, NOW_MS);
    return 'taken';
  } catch (error) {
    if (error instanceof BadContent) return error.code;
    throw error;
  }
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const text = fc.string({ unit: 'binary', maxLength: 20 });
const id = fc.option(
  fc.uint8Array({ minLength: 31, maxLength: 31 }).map((b) => `01${Buffer.from(b).toString('hex')}`),
);
const common = { disposition: fc.integer({ min: 0, max: 255 }), language: text };
const uint = (max: number) => fc.integer({ min: 0, max });

const leaf: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ ...common, kind: fc.constant('null') }),
  fc.record({ ...common, kind: fc.constant('single'), contentType: text, content: bytes(40) }),
  fc.record({
    ...{ ...common, kind: fc.constant('external'), contentType: text, url: text },
    ...{ expiresAtSeconds: uint(0xffff_ffff), sizeBytes: uint(Number.MAX_SAFE_INTEGER) },
    ...{
      aead: fc.integer({ min: 1, max: 0xffff }),
      key: bytes(16),
      nonce: bytes(12),
      aad: bytes(4),
    },
    ...{ hashAlgorithm: uint(255), hash: bytes(32), description: text, filename: text },
  }),
) as fc.Arbitrary<Part>;

const part = (levels: number): fc.Arbitrary<Part> =>
  levels === 1
    ? leaf
    : fc.oneof(
        leaf,
        fc.record({
          ...{ ...common, kind: fc.constant('multi'), semantics: fc.constantFrom(...semantics) },
          parts: fc.array(part(levels - 1), { minLength: 2, maxLength: 4 }),
        }) as fc.Arbitrary<Part>,
      );

const container: fc.Arbitrary<Container> = fc
  .record({
    ...{ salt: fc.uint8Array({ minLength: 16, maxLength: 16 }), replaces: id, inReplyTo: id },
    ...{ topic: bytes(50), sender: text, room: text, body: part(4) },
    expires: fc.option(fc.record({ relative: fc.constant(true), seconds: uint(31_536_000) })),
    keys: fc.uniqueArray(
      fc.oneof(
        fc.integer({ min: 3 }),
        fc.maxSafeInteger().filter((key) => key < 0),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
      ),
      { maxLength: 5 },
    ),
  })
  .map(({ keys, ...rest }) => ({
    ...rest,
    extensions: new Map(keys.map((key) => [key, Uint8Array.of(0xf5)])),
  }));

describe('readContainer', () => {
  it('takes an honest one', () => {
    expect(readContainer(honestContainer, NOW_MS).body).toMatchObject({ contentType: 'm/n' });
  });

  it.each(Object.entries(extremes))('takes %s, and keeps every byte', (_name, it) => {
    expect(writeContainer(readContainer(it, NOW_MS), NOW_MS)).toEqual(it);
  });

  it.each(hostile)('refuses %s: %s', (_name, code, it) => {
    expect(refusalOf(it)).toBe(code);
  });

  it('reads what was written, whatever it was', () => {
    fc.assert(
      fc.property(container, (it) => {
        const read = readContainer(writeContainer(it, NOW_MS), NOW_MS);

        expect({ ...read, extensions: new Map([...read.extensions].toSorted()) }).toEqual({
          ...it,
          extensions: new Map([...it.extensions].toSorted()),
        });
      }),
      { numRuns: 300 },
    );
  });

  it('refuses any bytes whatever with a code, and takes no other encoding of what it takes', () => {
    fc.assert(
      fc.property(fc.oneof(bytes(200), damaged()), (it) => {
        if (refusalOf(it) !== 'taken') return;
        expect(writeContainer(readContainer(it, NOW_MS), NOW_MS)).toEqual(it);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes no longer for the worst than its size explains', () => {
    const worst = ['81', '40', '00', 'd8ff', 'a0', '83016000'].map((unit) => {
      const size = 256 * 1024 - honestContainer.length - 20;
      const list = Buffer.from(unit.repeat(size / (unit.length / 2)), 'hex');
      return Buffer.concat([
        honestContainer.subarray(0, 22),
        Uint8Array.of(0xa1, 0x20, 0x9a),
        list,
      ]);
    });
    const start = performance.now();
    for (const it of worst) refusalOf(it);

    expect(performance.now() - start).toBeLessThan(2000);
  });
});

/** Published examples with a few bytes changed, cut or put in. */
function damaged(): fc.Arbitrary<Uint8Array> {
  const change = fc.record({ at: fc.nat(), byte: uint(255), cut: fc.nat(2), add: fc.boolean() });
  return fc
    .record({ example: fc.constantFrom(...examples), changes: fc.array(change, { maxLength: 3 }) })
    .map(({ example, changes }) =>
      changes.reduce((it, { at, byte, cut, add }) => {
        const where = at % it.length;
        const middle = add ? [byte] : [];
        return Uint8Array.from([...it.slice(0, where), ...middle, ...it.slice(where + cut)]);
      }, example.bytes),
    );
}
