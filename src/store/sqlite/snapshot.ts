import type { Write } from '../../ports/journal.ts';

/**
 * The write with copies of its bytes: it is carried out a moment later, and a caller may use its
 * buffers again, as a ratchet does.
 */
export function snapshot(write: Write): Write {
  switch (write.kind) {
    case 'state': {
      const { value, from } = write.change;
      const change = { ...write.change, value: copy(value) };
      return { ...write, change: from === undefined ? change : { ...change, from: copy(from) } };
    }
    case 'begun':
      return { ...write, parts: write.parts.map(({ key, wire }) => ({ key, wire: copy(wire) })) };
    case 'kept-aside':
      return { ...write, bytes: Uint8Array.from(write.bytes) };
    default:
      return write;
  }
}

const copy = (bytes: Uint8Array | null): Uint8Array | null => bytes && Uint8Array.from(bytes);
