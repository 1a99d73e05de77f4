import { contentLimits, type ExternalPart, type Part, semantics } from './container.ts';
import { BadContent, must } from './refusal.ts';

const CARDINALITIES = 4;

/** @param value a nested part as the library decoded it: arrays of numbers, strings and bytes */
export function readPart(value: unknown): Part {
  let count = 0;
  const part = (item: unknown, level: number): Part => {
    must(level <= contentLimits.partLevels, 'too_deep', `parts in ${level} levels`);
    must(++count <= contentLimits.parts, 'too_many_parts', `more than ${contentLimits.parts}`);
    const { common, cardinality, rest } = opened(item);
    if (cardinality === 3) return { ...common, kind: 'multi', ...multi(rest, level) };
    if (cardinality === 2) return { ...common, ...external(rest) };
    if (cardinality === 1) return { ...common, ...single(rest) };
    return { ...common, kind: 'null', ...none(rest) };
  };
  const multi = (rest: readonly unknown[], level: number) => {
    const [number, parts] = rest;
    const meaning = typeof number === 'number' ? semantics[number] : undefined;
    if (!meaning) throw new BadContent('bad_part', 'unknown semantics');
    must(rest.length === 2 && Array.isArray(parts), 'bad_part', 'a multipart has a list');
    const list = parts as readonly unknown[];
    must(list.length > 1, 'bad_part', 'a multipart has two parts or more');
    return { semantics: meaning, parts: list.map((item) => part(item, level + 1)) };
  };
  return part(value, 1);
}

function opened(item: unknown) {
  must(Array.isArray(item), 'bad_part', 'a part is an array');
  const [disposition, language, cardinality, ...rest] = item as readonly unknown[];
  must(isUint(cardinality, CARDINALITIES - 1), 'bad_part', 'unknown cardinality');
  return {
    common: { disposition: uint(disposition, 255), language: text(language) },
    cardinality,
    rest,
  };
}

function none(rest: readonly unknown[]) {
  must(rest.length === 0, 'bad_part', 'a null part has nothing in it');
  return {};
}

function single(rest: readonly unknown[]) {
  must(rest.length === 2, 'bad_part', 'a single part has a type and content');
  return { kind: 'single', contentType: text(rest[0]), content: bytes(rest[1]) } as const;
}

function external(rest: readonly unknown[]): Omit<ExternalPart, 'disposition' | 'language'> {
  must(rest.length === 12, 'bad_part', 'an external part has twelve facts');
  const [type, url, expires, size, aead, key, nonce, aad, algorithm, hash, description, name] =
    rest;
  const sealing = { key: bytes(key), nonce: bytes(nonce), aad: bytes(aad) };
  const isSealed = Object.values(sealing).some(({ length }) => length > 0);
  must(aead !== 0 || !isSealed, 'bad_part', 'it has a key and no algorithm');
  return {
    kind: 'external',
    contentType: text(type),
    url: text(url),
    expiresAtSeconds: uint(expires, 0xffff_ffff),
    sizeBytes: uint(size, Number.MAX_SAFE_INTEGER),
    aead: uint(aead, 0xffff),
    ...sealing,
    hashAlgorithm: uint(algorithm, 0xff),
    hash: bytes(hash),
    description: text(description),
    filename: text(name),
  };
}

const isUint = (value: unknown, max: number): value is number =>
  typeof value === 'number' && value >= 0 && value <= max;

function uint(value: unknown, max: number): number {
  if (!isUint(value, max)) throw new BadContent('bad_part', `a number is not within 0 to ${max}`);
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new BadContent('bad_part', 'a text is missing');
  return value;
}

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new BadContent('bad_part', 'bytes are missing');
  return value;
}
