import { decode } from 'cborg';
import { contentOf, endOfItem, type Rules } from './cbor.ts';
import { type Container, contentLimits, type Expiry, type MessageId } from './container.ts';
import { readPart } from './read-part.ts';
import { BadContent, must } from './refusal.ts';

/** An array of parts within each part: what is deeper is refused by its levels, not by running out of stack. */
const body: Rules = { kind: 'plain', levels: contentLimits.partLevels * 2 + 2 };
const field: Rules = { kind: 'plain', levels: 1 };
const extensions: Rules = { kind: 'any', levels: contentLimits.extensionLevels };
const rulesOf = [field, field, field, field, field, extensions, body];

const bytesOf = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/**
 * Reads a container as it was in an encrypted message, or in one that is not encrypted.
 * @param nowMs when the hub took it, or now: what expires more than a year from there is nonsense
 * @throws BadContent, and nothing else, whatever `bytes` are
 */
export function readContainer(bytes: Uint8Array, nowMs: number): Container {
  const spans = fields(bytes);
  const value = (index: number) => decode(spans[index] ?? bytes);
  const [salt, topic] = [value(0), value(2)];
  must(bytesOf(salt) && salt.length === 16, 'bad_salt', 'a salt has 16 bytes');
  must(bytesOf(topic), 'bad_topic', 'a topic is a byte string');
  must(topic.length <= contentLimits.topicBytes, 'bad_topic', `${topic.length} bytes`);
  return {
    salt,
    replaces: messageId(value(1), 'replaces'),
    topic,
    expires: expiry(value(3), nowMs),
    inReplyTo: messageId(value(4), 'inReplyTo'),
    ...readExtensions(spans[5] ?? bytes),
    body: readPart(value(6)),
  };
}

/** The seven fields of it, each as it is encoded, each checked. */
function fields(bytes: Uint8Array): readonly Uint8Array[] {
  must(bytes.length <= contentLimits.sizeBytes, 'too_large', `${bytes.length} bytes`);
  must(bytes.length > 0, 'not_cbor', 'there is nothing');
  must(bytes[0] === 0x87, 'bad_container', 'a container is an array of seven');
  let at = 1;
  const spans = rulesOf.map((rules) => {
    const start = at;
    at = endOfItem(bytes, at, rules);
    return bytes.subarray(start, at);
  });
  must(at === bytes.length, 'trailing_bytes', `${bytes.length - at} of them`);
  return spans;
}

function messageId(value: unknown, name: string): MessageId | null {
  if (value === null) return null;
  must(bytesOf(value) && value.length === 32, 'bad_message_id', `${name} has not 32 bytes`);
  must(value[0] === 1, 'bad_message_id', `${name} has an unknown hash`);
  return Buffer.from(value).toString('hex');
}

function expiry(value: unknown, nowMs: number): Expiry | null {
  if (value === null) return null;
  must(Array.isArray(value) && value.length === 2, 'bad_expiry', 'it is not a pair');
  const [relative, seconds] = value as readonly unknown[];
  const isRight = typeof relative === 'boolean' && typeof seconds === 'number';
  if (!isRight) throw new BadContent('bad_expiry', 'it is not a flag and a number');
  must(seconds >= 0 && seconds <= 0xffff_ffff, 'bad_expiry', 'it does not fit 32 bits');
  const away = relative ? seconds : Math.abs(seconds - nowMs / 1000);
  must(away <= contentLimits.expirySeconds, 'bad_expiry', 'it is more than a year away');
  return { relative, seconds };
}

function readExtensions(bytes: Uint8Array): Pick<Container, 'sender' | 'room' | 'extensions'> {
  must((bytes[0] ?? 0) >> 5 === 5, 'bad_extension', 'the extensions are a map');
  const { at, length } = contentOf(bytes, 0);
  const all = new Map<number | string, Uint8Array>();
  let end = at;
  for (let left = length; left > 0; left--) {
    const keyEnd = endOfItem(bytes, end, field);
    const key = extensionKey(decode(bytes.subarray(end, keyEnd)));
    end = endOfItem(bytes, keyEnd, extensions);
    all.set(key, bytes.slice(keyEnd, end));
  }
  const [sender, room] = [uri(all.get(1)), uri(all.get(2))];
  all.delete(1);
  all.delete(2);
  return {
    ...(sender !== undefined && { sender }),
    ...(room !== undefined && { room }),
    extensions: all,
  };
}

function extensionKey(key: unknown): number | string {
  if (typeof key === 'number' && key !== 0) return key;
  const size = typeof key === 'string' ? Buffer.byteLength(key) : 0;
  const isRight = typeof key === 'string' && size > 0 && size <= contentLimits.extensionKeyBytes;
  if (!isRight) throw new BadContent('bad_extension', 'a key is a number, or up to 255 bytes');
  return key;
}

function uri(encoded: Uint8Array | undefined): string | undefined {
  if (!encoded) return undefined;
  must((encoded[0] ?? 0) >> 5 === 3, 'bad_extension', 'a URI is a text');
  return decode(encoded);
}
