import { type Agent, request } from 'undici';
import type { Problem, ProblemCode } from '../../../gia/schemas/index.ts';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
  readonly body: any;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

export interface Sent {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
}

export async function send(agent: Agent, { url, body, ...sent }: Sent): Promise<Answer> {
  const answer = await request(url, {
    dispatcher: agent,
    ...sent,
    body: body ?? null,
    headers: {
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      ...sent.headers,
    },
  });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const type = String(answer.headers['content-type'] ?? '');
  const parsed = type.includes('json') ? JSON.parse(bytes.toString()) : undefined;
  return { status: answer.statusCode, body: parsed, headers: answer.headers, bytes };
}

/** The code of a refusal, and of anything else how it was answered. */
export const codeOf = ({ status, body }: Answer): ProblemCode | number =>
  (body as Problem | undefined)?.code ?? status;
