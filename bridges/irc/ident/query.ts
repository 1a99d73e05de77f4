/** A connection, as whoever asks about it names it. @see RFC 1413, section 3 */
export interface Query {
  /** Its port at our end. */
  readonly localPort: number;
  /** Its port at the server's. */
  readonly remotePort: number;
}

/** `6193, 6667`. `undefined`: it is no query. */
export function readQuery(line: string): Query | undefined {
  const [, local, remote] = /^\s*(\d{1,5})\s*,\s*(\d{1,5})\s*$/.exec(line) ?? [];
  const query = { localPort: Number(local), remotePort: Number(remote) };
  return isPort(query.localPort) && isPort(query.remotePort) ? query : undefined;
}

const isPort = (port: number) => port >= 1 && port <= 65_535;

/** The line that answers it. Absent: nobody whom we may tell of has that connection. */
export function answerTo({ localPort, remotePort }: Query, username?: string): string {
  const what = username === undefined ? 'ERROR : NO-USER' : `USERID : UNIX : ${username}`;
  return `${localPort} , ${remotePort} : ${what}\r\n`;
}
