import { BadContent, must } from './refusal.ts';

/**
 * What may be in an item: `plain` is numbers, strings, arrays, true, false and null; `any` is everything that a value of an
 * extension may be. `levels` is how many arrays, maps and tags may be around what is in it, itself counted.
 */
export interface Rules {
  readonly kind: 'plain' | 'any';
  readonly levels: number;
}

interface Head {
  readonly major: number;
  readonly info: number;
  readonly argument: bigint;
  readonly next: number;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Checks that one data item in the deterministic encoding (RFC 8949, 4.2.1) begins at `at`, with all that is in it. It
 * allocates nothing that a length in the bytes could make large, and goes no deeper than `rules` say.
 * @returns where the item ends
 * @throws BadContent
 */
export function endOfItem(bytes: Uint8Array, at: number, rules: Rules): number {
  const head = headAt(bytes, at);
  switch (head.major) {
    case 2:
      return endOfString(bytes, head);
    case 3:
      return endOfText(bytes, head);
    case 4:
      return endOfItems(bytes, head, rules);
    case 5:
      must(rules.kind === 'any', 'not_allowed_here', `a map at ${at}`);
      return endOfMap(bytes, head, rules);
    case 6:
      must(rules.kind === 'any', 'not_allowed_here', `a tag at ${at}`);
      return endOfItem(bytes, head.next, deeper(rules, at));
    case 7:
      checkSimple(bytes, at, rules);
      return head.next;
    default:
      return head.next;
  }
}

/** Where a string, array or map that begins at `at` has its content, and how many bytes, items or pairs there are. */
export function contentOf(bytes: Uint8Array, at: number): { at: number; length: number } {
  const { next, argument } = headAt(bytes, at);
  return { at: next, length: Number(argument) };
}

function headAt(bytes: Uint8Array, at: number): Head {
  const first = bytes[at];
  if (first === undefined) throw new BadContent('not_cbor', `it ends at ${at}`);
  const [major, info] = [first >> 5, first & 31];
  if (info < 24) return { major, info, argument: BigInt(info), next: at + 1 };
  must(info !== 31, 'indefinite_length', `at ${at}`);
  must(info < 28, 'not_cbor', `a reserved head at ${at}`);
  const width = 1 << (info - 24);
  const next = at + 1 + width;
  must(next <= bytes.length, 'not_cbor', `it ends within the head at ${at}`);
  const argument = bytes
    .subarray(at + 1, next)
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  must(major === 7 || argument >= smallest(width), 'not_shortest', `at ${at}`);
  return { major, info, argument, next };
}

/** The smallest number that needs an argument of `width` bytes. */
const smallest = (width: number) => (width === 1 ? 24n : 1n << BigInt(width * 4));

function endOfString(bytes: Uint8Array, { argument, next }: Head): number {
  must(argument <= BigInt(bytes.length - next), 'not_cbor', `it ends within the string at ${next}`);
  return next + Number(argument);
}

function endOfText(bytes: Uint8Array, head: Head): number {
  const end = endOfString(bytes, head);
  try {
    utf8.decode(bytes.subarray(head.next, end));
  } catch {
    throw new BadContent('not_utf8', `the text at ${head.next}`);
  }
  return end;
}

function endOfItems(bytes: Uint8Array, { argument, next }: Head, rules: Rules): number {
  const inner = deeper(rules, next);
  must(argument <= BigInt(bytes.length - next), 'not_cbor', `it ends within the array at ${next}`);
  let end = next;
  for (let left = Number(argument); left > 0; left--) end = endOfItem(bytes, end, inner);
  return end;
}

function endOfMap(bytes: Uint8Array, { argument, next }: Head, rules: Rules): number {
  const inner = deeper(rules, next);
  must(argument <= BigInt(bytes.length - next), 'not_cbor', `it ends within the map at ${next}`);
  let end = next;
  let before: Uint8Array | undefined;
  for (let left = Number(argument); left > 0; left--) {
    const keyEnd = endOfKey(bytes, end);
    const key = bytes.subarray(end, keyEnd);
    if (before) checkOrder(before, key, end);
    before = key;
    end = endOfItem(bytes, keyEnd, inner);
  }
  return end;
}

function endOfKey(bytes: Uint8Array, at: number): number {
  const { major, argument } = headAt(bytes, at);
  must(major < 4, 'bad_key', `the key at ${at} is neither number nor string`);
  must(major > 1 || argument < 1n << 53n, 'bad_key', `the key at ${at} is too large`);
  must(major !== 1 || argument < (1n << 53n) - 1n, 'bad_key', `the key at ${at} is too small`);
  return endOfItem(bytes, at, { kind: 'plain', levels: 0 });
}

function checkOrder(before: Uint8Array, key: Uint8Array, at: number): void {
  const order = Buffer.compare(before, key);
  must(order !== 0, 'duplicate_key', `at ${at}`);
  must(order < 0, 'key_order', `at ${at}`);
}

function deeper(rules: Rules, at: number): Rules {
  must(rules.levels > 0, 'too_deep', `at ${at}`);
  return { ...rules, levels: rules.levels - 1 };
}

/** True, false and null, or a float in its shortest form; of what is not a number only the one that has two bytes. */
function checkSimple(bytes: Uint8Array, at: number, rules: Rules): void {
  const { info, argument, next } = headAt(bytes, at);
  const isPlain = info >= 20 && info <= 22;
  must(isPlain || rules.kind === 'any', 'not_allowed_here', `a simple value at ${at}`);
  must(info !== 24 || argument >= 32n, 'not_shortest', `a simple value at ${at}`);
  if (info === 25) checkHalf(argument, at);
  if (info > 25)
    checkFloat(new DataView(bytes.buffer, bytes.byteOffset + at + 1, next - at - 1), at);
}

function checkHalf(bits: bigint, at: number): void {
  const isNumber = (bits & 0x7c00n) !== 0x7c00n || (bits & 0x3ffn) === 0n;
  must(isNumber || bits === 0x7e00n, 'bad_number', `a NaN with a payload at ${at}`);
}

function checkFloat(view: DataView, at: number): void {
  const isSingle = view.byteLength === 4;
  const value = isSingle ? view.getFloat32(0) : view.getFloat64(0);
  must(!Number.isNaN(value), 'bad_number', `a long NaN at ${at}`);
  const isTooLong = isSingle ? isHalf(value) : Math.fround(value) === value;
  must(!isTooLong, 'not_shortest', `a float at ${at}`);
}

/** Ten bits after the point, and exponents from -14 to 15. */
function isHalf(value: number): boolean {
  if (value === 0 || !Number.isFinite(value)) return true;
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))));
  return exponent <= 15 && Number.isInteger(value / 2 ** (exponent - 10));
}
