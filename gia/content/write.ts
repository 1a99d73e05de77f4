import { encode } from 'cborg';
import { type Container, type MessageId, type Part, semantics } from './container.ts';
import { readContainer } from './read.ts';

/**
 * The one encoding of a container.
 * @param nowMs see `readContainer`: nothing is written that it would refuse
 * @throws BadContent
 */
export function writeContainer(container: Container, nowMs: number): Uint8Array {
  const { salt, topic, expires } = container;
  const bytes = Buffer.concat([
    Uint8Array.of(0x87),
    encode(plain(salt)),
    encode(idBytes(container.replaces)),
    encode(plain(topic)),
    encode(expires && [expires.relative, expires.seconds]),
    encode(idBytes(container.inReplyTo)),
    writeExtensions(container),
    encode(partItem(container.body)),
  ]);
  readContainer(bytes, nowMs);
  return new Uint8Array(bytes);
}

/** The library takes a `Buffer` for bytes as well; what came from a store or a socket may be one of its subclasses. */
const plain = (bytes: Uint8Array) => new Uint8Array(bytes);

const idBytes = (id: MessageId | null) => id && plain(Buffer.from(id, 'hex'));

/** A map of what is encoded already, in the order of the encoded keys. */
function writeExtensions({ sender, room, extensions }: Container): Uint8Array {
  const uris = [sender, room].flatMap((uri, at) =>
    uri === undefined ? [] : [{ key: encode(at + 1), value: encode(uri) }],
  );
  const others = [...extensions].map(([key, value]) => ({ key: encode(key), value }));
  const sorted = [...uris, ...others].toSorted((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat([mapHead(sorted.length), ...sorted.flatMap((it) => [it.key, it.value])]);
}

/** The head of a number, with the type of a map. */
function mapHead(length: number): Uint8Array {
  const head = encode(length);
  head[0] = (head[0] ?? 0) | 0xa0;
  return head;
}

function partItem(part: Part): unknown[] {
  const common = [part.disposition, part.language];
  switch (part.kind) {
    case 'null':
      return [...common, 0];
    case 'single':
      return [...common, 1, part.contentType, plain(part.content)];
    case 'external':
      return [
        ...[...common, 2, part.contentType, part.url, part.expiresAtSeconds, part.sizeBytes],
        ...[part.aead, plain(part.key), plain(part.nonce), plain(part.aad)],
        ...[part.hashAlgorithm, plain(part.hash), part.description, part.filename],
      ];
    case 'multi':
      return [...common, 3, semantics.indexOf(part.semantics), part.parts.map(partItem)];
  }
}
