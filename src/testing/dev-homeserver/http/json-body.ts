import type { IncomingMessage } from 'node:http';
import { badJson, Fault } from '../fault.ts';
import { type Content, isObject } from '../room/event.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {Fault} 413 where there are more than `maxBytes`. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      // Read to its end, so that the answer can be read as well.
      request.resume();
      throw new Fault(413, 'M_TOO_LARGE', `Request body is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws {Fault} where it is no JSON object. An empty body is one where `ifEmpty` says so. */
export function parseObject(bytes: Buffer, ifEmpty?: Content): Content {
  if (bytes.length === 0 && ifEmpty !== undefined) return ifEmpty;
  const value = parse(decode(bytes));
  if (!isObject(value)) throw badJson('Content must be a JSON object.');
  return value;
}

/**
 * The content of an event. `1.0` is refused, which is a whole number to JavaScript and none to a
 * homeserver.
 */
export function parseEventContent(bytes: Buffer): Content {
  const content = parseObject(bytes);
  const withoutStrings = decode(bytes).replace(/"(?:[^"\\]|\\.)*"/g, '""');
  if (/[0-9][.eE]/.test(withoutStrings)) throw badJson('Bad JSON value: float');
  return content;
}

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Fault(400, 'M_NOT_JSON', 'Content is not UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Fault(400, 'M_NOT_JSON', 'Content not JSON.');
  }
}
