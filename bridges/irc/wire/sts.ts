import type { Caps } from './caps.ts';

/** What a server says of how it wants to be talked to. @see https://ircv3.net/specs/extensions/sts */
export interface Sts {
  /** Where it listens with TLS. Means something on a connection without only. */
  readonly port?: number;
  /** For how long it is to be talked to with TLS alone; 0: no longer. Means something over TLS only. */
  readonly durationS?: number;
}

/** What the server of a connection has said so far. */
export const stsOf = ({ caps }: { readonly caps: Pick<Caps, 'values'> }): Sts =>
  readSts(caps.values.get('sts') ?? '');

/** Reads the value of the capability `sts`: `port=6697,duration=2592000`. */
export function readSts(value: string): Sts {
  const tokens = new Map(
    value.split(',').map((token): [string, string] => {
      const [name = '', given = ''] = token.split('=');
      return [name, given];
    }),
  );
  const number = (name: string, max: number) => {
    const given = tokens.get(name) ?? '';
    return /^\d{1,12}$/.test(given) && Number(given) <= max ? Number(given) : undefined;
  };
  const port = number('port', 65_535);
  const durationS = number('duration', Number.MAX_SAFE_INTEGER);
  return { ...(port && { port }), ...(durationS !== undefined && { durationS }) };
}
