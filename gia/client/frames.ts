import { badAnswer } from './failure.ts';

export interface Frame {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

/** A ciphertext of the largest size in base64url, and what is around it. */
const FRAME_BYTES = 512 * 1024;

/** The frames of server-sent events in a stream of bytes. What does not end is refused, not collected. */
export async function* framesIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const all = rest + decoder.decode(piece, { stream: true });
    const parts = all.split(/\r\n\r\n|\n\n|\r\r/);
    rest = parts.pop() ?? '';
    if (rest.length > FRAME_BYTES) throw badAnswer(`an event of more than ${FRAME_BYTES} bytes`);
    for (const part of parts) {
      const frame = frameOf(part);
      if (frame) yield frame;
    }
  }
}

/** A comment, which is a heartbeat, is none. */
function frameOf(text: string): Frame | undefined {
  const fields = text.split(/\r\n|\n|\r/).map((line) => /^([^:]*)(?:: ?(.*))?$/s.exec(line));
  const all = (name: string) =>
    fields.flatMap((field) => (field?.[1] === name ? [field[2] ?? ''] : []));
  const data = all('data');
  if (data.length === 0) return undefined;
  const id = all('id').at(-1);
  return { event: all('event').at(-1) ?? 'message', data: data.join('\n'), ...(id && { id }) };
}
