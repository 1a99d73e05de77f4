import { Agent, request } from 'undici';
import type { Appservice } from './registration.ts';

export interface AppserviceAnswer {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MS = 60_000;

/** Speaks HTTP to one appservice. */
export class AppserviceClient {
  readonly #agent = new Agent({
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    connectTimeout: 15_000,
  });
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, appservice: Appservice) {
    this.#url = url;
    this.#token = appservice.hsToken;
  }

  /** `path` follows `/_matrix/app/v1`. Rejects when there is no answer at all. */
  async call(
    method: 'GET' | 'PUT' | 'POST',
    path: string,
    body?: string,
  ): Promise<AppserviceAnswer> {
    const answer = await request(`${this.#url}/_matrix/app/v1${path}`, {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  }

  /** Whether it knows somebody or something. Whoever does not answer does not. */
  async knows(path: string): Promise<boolean> {
    try {
      return succeeded(await this.call('GET', path));
    } catch {
      return false;
    }
  }

  close(): void {
    this.#agent.destroy().catch(() => {});
  }
}

/** Any 2xx, but only with JSON in its body: an empty answer counts as a failure on Synapse. */
export function succeeded({ status, body }: AppserviceAnswer): boolean {
  if (status < 200 || status > 299) return false;
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}
