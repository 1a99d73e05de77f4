import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { TextDecoder } from 'node:util';
import { decoderOf } from './charset.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly pem: Pem;
  /** The address of this machine to come from. Absent: whichever the system takes. */
  readonly from?: string;
  /** Called at once when the server has taken the connection, before anything is said in it. */
  readonly connected?: (socket: Socket) => void;
}

/** What TLS needs besides the well-known certificates. */
export interface Pem {
  /** Certificates to trust instead of them. */
  readonly ca?: string;
  /** What we show of ourselves, and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** SHA-256 fingerprints. The server must show one of these, whoever has signed it. Absent: it need not. */
  readonly pins?: readonly string[];
}

/** Opens a socket; with TLS it is verified and ready to talk. */
export function openSocket(
  { host, port, tls, pem, from, connected }: Address,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    // What it goes to has to be of the same kind.
    const to = {
      host,
      port,
      ...(from !== undefined && { localAddress: from, family: isIP(from) }),
    };
    const socket = tls
      ? connectTls({ ...to, ...trust(pem), ...(isIP(host) === 0 && { servername: host }) })
      : connectPlain(to);
    const stranger = () => (socket instanceof TLSSocket ? strangerIn(socket, pem) : undefined);
    const settle = (done: () => void) => () => {
      signal.removeEventListener('abort', aborted);
      socket.removeListener('error', failed);
      done();
    };
    let error: unknown;
    const failed = (cause: unknown) => {
      error = cause;
      settle(() => reject(error))();
    };
    const aborted = () => {
      socket.destroy();
      failed(signal.reason);
    };
    signal.addEventListener('abort', aborted, { once: true });
    socket.once('error', failed);
    socket.once('connect', () => connected?.(socket));
    socket.once(
      tls ? 'secureConnect' : 'connect',
      settle(() => {
        const shown = stranger();
        if (shown === undefined) return resolve(socket.setNoDelay(true));
        socket.destroy();
        reject(new Error(`${host} shows the certificate ${shown}, which is none of those named`));
      }),
    );
  });
}

/** A pin is checked once the certificate is there, in the place of whoever signed it. */
function trust({ pins, ...pem }: Pem) {
  return pins ? { ...pem, rejectUnauthorized: false } : pem;
}

/** The fingerprint of what the server shows, where it is none of those that it should. */
function strangerIn(socket: TLSSocket, { pins }: Pem): string | undefined {
  const plain = (text = '') => text.replaceAll(':', '').toLowerCase();
  const shown = plain(socket.getPeerCertificate().fingerprint256);
  return !pins || pins.some((pin) => plain(pin) === shown) ? undefined : shown;
}

/** Longer than any line with tags may be (8191 + 512 bytes), with room for a generous server. */
const LONGEST_LINE_BYTES = 64 * 1024;

/** Cuts a stream of bytes into lines. */
export class LineReader {
  private readonly fallback: (bytes: Uint8Array) => string;
  private readonly utf8 = new TextDecoder('utf-8', { fatal: true });
  private rest: Buffer = Buffer.alloc(0);

  /** @param fallbackCharset how to read a line that is not UTF-8. */
  constructor(fallbackCharset: string) {
    this.fallback = decoderOf(fallbackCharset);
  }

  /** @throws {RangeError} when the peer sends what can be no line. */
  take(bytes: Uint8Array): readonly string[] {
    let buffer = this.rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.rest, bytes]);
    const lines: string[] = [];
    for (let end = buffer.indexOf(10); end >= 0; end = buffer.indexOf(10)) {
      const line = this.decode(buffer.subarray(0, end)).replace(/\r+$/, '');
      if (line !== '') lines.push(line);
      buffer = buffer.subarray(end + 1);
    }
    if (buffer.length > LONGEST_LINE_BYTES)
      throw new RangeError('A line from the server has no end');
    this.rest = buffer;
    return lines;
  }

  private decode(bytes: Buffer): string {
    try {
      return this.utf8.decode(bytes);
    } catch {
      return this.fallback(bytes);
    }
  }
}
