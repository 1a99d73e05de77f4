import { Pool } from 'undici';
import { AS_TOKEN } from '../wiring.ts';

export type Ask = (method: 'GET' | 'PUT' | 'POST', path: string, body?: object) => Promise<Json>;
export type Json = Readonly<Record<string, unknown>>;

export class Refused extends Error {
  readonly status: number;
  readonly json: Json;

  constructor(status: number, json: Json) {
    super(`${status} ${JSON.stringify(json)}`);
    this.status = status;
    this.json = json;
  }
}

/** Calls the homeserver through undici's lowest door: nothing is made per answer but its text. */
export function asker(url: string): Ask {
  const pool = new Pool(url, { connections: 64 });
  const headers = { authorization: `Bearer ${AS_TOKEN}`, 'content-type': 'application/json' };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      let status = 0;
      let text = '';
      const json = method === 'GET' ? null : JSON.stringify(body ?? {});
      pool.dispatch(
        { method, path: `/_matrix/client/v3${path}`, headers, body: json },
        {
          onRequestStart() {},
          onResponseStart(_, statusCode) {
            status = statusCode;
          },
          onResponseData(_, chunk) {
            text += chunk.toString();
          },
          onResponseEnd() {
            const answer = JSON.parse(text) as Json;
            if (status === 200) resolve(answer);
            else reject(new Refused(status, answer));
          },
          onResponseError(_, error) {
            reject(error);
          },
        },
      );
    });
}
