import type { IncomingMessage } from 'node:http';
import { limits } from '#gia/schemas';
import { refuse } from './refusal.ts';

/** Reads all of a body, unless it says or shows that it is too large: then no more of it is read. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) refuseLarge(maxBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  // The answer goes by the same connection, so that is not ended.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > maxBytes) refuseLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const refuseLarge = (maxBytes: number): never =>
  refuse('payload_too_large', `A body has at most ${maxBytes} bytes here`);

/** JSON, unless it is nested so deep that to read it would be costly. */
export function parseJson(body: Buffer): unknown {
  if (isDeeperThan(body, limits.bodyDepth))
    refuse('invalid_request', `Arrays and objects lie at most ${limits.bodyDepth} deep here`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return refuse('invalid_request', 'The body is not JSON in UTF-8');
  }
}

/** What each byte does to the depth. */
const STEPS = new Int8Array(256);
for (const open of Buffer.from('{[')) STEPS[open] = 1;
for (const close of Buffer.from('}]')) STEPS[close] = -1;
const [QUOTE, BACKSLASH] = Buffer.from('"\\');

/** Reads until it is too deep, and builds nothing. */
export function isDeeperThan(json: Uint8Array, maxDepth: number): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = endOfString(json, at);
    depth += STEPS[byte] ?? 0;
    if (depth > maxDepth) return true;
  }
  return false;
}

/** Where the string ends that begins at `start`: at its closing quote, or with the text. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at;
}
