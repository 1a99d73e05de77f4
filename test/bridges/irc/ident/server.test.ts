import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { IdentServer } from '../../../../bridges/irc/ident/server.ts';
import { shareIdent } from '../../../../bridges/irc/ident/shared.ts';
import { freePort } from '../../../live/support/free-port.ts';

async function started() {
  const ident = await IdentServer.open({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => ident.close());
  return ident;
}

/** A connection of ours to a server at an address of this machine. */
async function connection(host = '127.0.0.1'): Promise<Socket> {
  const server = createServer((client) => client.on('error', () => {}).resume());
  server.listen(0, host);
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, host);
  await once(socket, 'connect');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  return socket;
}

/** What is answered to a line, until it hangs up. */
async function ask(ident: { readonly port: number }, line: string): Promise<string> {
  const socket = connect(ident.port, '127.0.0.1', () => socket.write(line));
  let said = '';
  socket.on('data', (bytes) => (said += bytes));
  socket.on('error', () => {});
  await once(socket, 'close');
  return said;
}

const about = ({ localPort, remotePort }: Socket) => `${localPort},${remotePort}\r\n`;

describe('IdentServer', () => {
  it('tells the server of a connection whose it is, as long as it stands', async () => {
    const ident = await started();
    const socket = await connection();
    const query = about(socket);
    ident.claim(socket, 'ann');
    expect(await ask(ident, query)).toMatch(/: USERID : UNIX : ann\r\n$/);
    socket.destroy();
    await once(socket, 'close');
    expect(await ask(ident, query)).toMatch(/: ERROR : NO-USER\r\n$/);
  });

  it('waits for a claim that comes after the question', async () => {
    const ident = await started();
    const socket = await connection();
    const answer = ask(ident, about(socket));
    await vi.waitFor(() => expect(ident.asking).toBe(1));
    ident.claim(socket, 'ann');
    expect(await answer).toContain('ann');
  });

  it('tells nobody but the server of that connection', async () => {
    const ident = await started();
    const socket = await connection('127.0.0.2');
    ident.claim(socket, 'ann');
    expect(await ask(ident, about(socket))).toContain('NO-USER');
  });

  it('hangs up on what is no question, and on one without an end', async () => {
    const ident = await started();
    for (const line of ['hello\r\n', 'x'.repeat(10_000)]) expect(await ask(ident, line)).toBe('');
  });
});

describe('shareIdent', () => {
  it('is one server for all, which the last one closes', async () => {
    const port = await freePort();
    const at = { host: '127.0.0.1', port };
    const [first, second] = await Promise.all([shareIdent(at), shareIdent(at)]);
    await first.release();
    await first.release();
    const socket = await connection();
    second.claim(socket, 'bob');
    expect(await ask(at, about(socket))).toContain('bob');
    await second.release();
    const third = await shareIdent(at);
    await third.release();
  });

  it('says what is wrong and what to do where it cannot listen', async () => {
    const { port } = await started();
    await expect(shareIdent({ host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(/identPort: .*EADDRINUSE.*redirected/),
    });
  });
});
