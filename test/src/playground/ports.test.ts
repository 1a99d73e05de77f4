import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { keepPort, PortTaken, pagePort } from '../../../src/playground/ports.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
});

async function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function free(): Promise<number> {
  const port = await taken();
  await new Promise((done) => servers.pop()?.close(done));
  return port;
}

describe('keepPort', () => {
  it('keeps the port of the last time while it is free', async () => {
    const port = await free();
    expect(await keepPort(port, [])).toBe(port);
  });

  it('takes another where somebody else is there now', async () => {
    const port = await taken();
    expect(await keepPort(port, [])).not.toBe(port);
  });

  it('never gives one port to two parts', async () => {
    const port = await free();
    expect(await keepPort(port, [port])).not.toBe(port);
  });
});

describe('pagePort', () => {
  it('refuses a port that was asked for and is taken, and says what to do', async () => {
    const port = await taken();
    await expect(pagePort(port)).rejects.toThrow(PortTaken);
    await expect(pagePort(port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`);
  });

  it('gives the port that was asked for', async () => {
    const port = await free();
    expect(await pagePort(port)).toBe(port);
  });
});
