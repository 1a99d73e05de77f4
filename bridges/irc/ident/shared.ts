import { BridgeError } from '#adapter';
import { type IdentAddress, IdentServer } from './server.ts';

/** One for all networks of a process, as there is one port for it on a machine. */
export interface SharedIdent {
  readonly claim: IdentServer['claim'];
  /** The last of those who share it closes it. */
  release(): Promise<void>;
}

interface Open {
  readonly server: Promise<IdentServer>;
  users: number;
}

const open = new Map<string, Open>();

/** Opens it, or joins whoever has. @throws {BridgeError} `unreachable` when it cannot listen there. */
export async function shareIdent(at: IdentAddress): Promise<SharedIdent> {
  const key = `${at.host} ${at.port}`;
  const shared = open.get(key) ?? { server: IdentServer.open(at), users: 0 };
  open.set(key, shared);
  shared.users++;
  try {
    const server = await shared.server;
    let isReleased = false;
    return {
      claim: (socket, username) => server.claim(socket, username),
      async release() {
        if (isReleased) return;
        isReleased = true;
        if (leave(key, shared)) await server.close();
      },
    };
  } catch (cause) {
    leave(key, shared);
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `identPort: nothing can listen on ${at.host} port ${at.port}: ${why}. ${ADVICE}`;
    throw new BridgeError('unreachable', text, { effect: 'none', cause });
  }
}

const ADVICE =
  'For a port below 1024 a program needs the right to (CAP_NET_BIND_SERVICE), or have 113 redirected to one above.';

/** Whether nobody is left. */
function leave(key: string, shared: Open): boolean {
  shared.users--;
  if (shared.users > 0) return false;
  if (open.get(key) === shared) open.delete(key);
  return true;
}
