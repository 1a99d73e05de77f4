import { once } from 'node:events';
import { createServer } from 'node:net';
import { BridgeError } from '#adapter';
import { sourceFor } from './webirc.ts';

/** Tried before anybody is: the operator reads it then, and nobody loses a message. @throws {BridgeError} */
export async function checkBindable(prefix: string): Promise<void> {
  const host = sourceFor(prefix, 'anybody');
  const server = createServer().listen({ host, port: 0 });
  try {
    await once(server, 'listening');
  } catch (cause) {
    const text = `bindPrefix: ${host} is no address of this machine; give it all of them with “ip route add local ${prefix} dev lo” (“ip -6” for IPv6)`;
    throw new BridgeError('not_allowed', text, { effect: 'none', cause });
  } finally {
    server.close();
  }
}
