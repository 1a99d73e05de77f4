import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

const maxBodyBytes = 128 * 1024;

/**
 * The JSON body of a request; `undefined` where there is none.
 *
 * A body must say that it is JSON: a web page of another origin cannot, without asking first.
 *
 * @throws {Problem} 413, 415 or 400.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAll(request);
  if (bytes.length === 0) return undefined;
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new Problem(415, 'not_json', 'Send the body with content-type: application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem(400, 'bad_request', `The body is not JSON: ${(error as Error).message}`);
  }
}

/** Reads on for a while when it is too much: whoever still writes would not hear the answer. */
async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxBodyBytes) chunks.push(chunk);
    else if (sizeBytes > 64 * maxBodyBytes) break;
  }
  if (sizeBytes > maxBodyBytes)
    throw new Problem(413, 'too_large', `A body may have ${maxBodyBytes} bytes`);
  return Buffer.concat(chunks);
}
