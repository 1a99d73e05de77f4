import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('vectors/', import.meta.url);
const messageId = /message ID = h'([0-9a-f]{32})\s*#?\s*([0-9a-f]{32})'/;

export interface Example {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absent of what is no container. */
  readonly id?: string;
}

/** The published examples: see the README beside them. */
export const examples: readonly Example[] = readdirSync(folder)
  .filter((file) => file.endsWith('.cbor'))
  .map((file) => {
    const name = file.slice(0, -'.cbor'.length);
    const [, first, second] = messageId.exec(read(`${name}.edn`).toString()) ?? [];
    const bytes = new Uint8Array(read(file));
    return { name, bytes, ...(first && second && { id: first + second }) };
  });

function read(file: string): Buffer {
  return readFileSync(new URL(file, folder));
}
