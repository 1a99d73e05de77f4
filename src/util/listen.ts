import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenAt {
  readonly host: string;
  /** 0: one that is free. */
  readonly port: number;
}

/**
 * Listens, and tells on which port.
 *
 * @param key where the config says so. @throws {Error} with what an operator is to do, and the system's `code`.
 */
export async function listen(
  server: Server,
  { host, port }: ListenAt,
  key: string,
): Promise<{ readonly port: number }> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const text = `${key}: nothing can listen on ${host}, port ${port} (${code}): end what does so, or name another`;
    throw Object.assign(new Error(text, { cause }), { code });
  }
  return { port: (server.address() as AddressInfo).port };
}
