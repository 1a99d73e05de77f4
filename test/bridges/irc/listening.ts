import { connect } from 'node:net';
import { expect, onTestFinished, vi } from 'vitest';
import type { Newest } from '../../../src/adapter/index.ts';
import { type Around, openOn, shown } from './bench.ts';
import { type Script, type ScriptedClient, ScriptedServer } from './scripted-server.ts';

export async function serve(script: Script = {}): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(script);
  onTestFinished(() => server.stop());
  return server;
}

/** Somebody else, in the channel. */
export async function enter(
  server: ScriptedServer,
  nick: string,
  user = nick,
): Promise<ScriptedClient> {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write(`NICK ${nick}\r\nUSER ${user} 0 * :x\r\nJOIN #a\r\n`);
  await vi.waitFor(() => expect(server.client(nick).channels).toContain('#a'));
  return server.client(nick);
}

/** The bot in the channel, which knows up to `newest`. */
export async function listening(
  script: Script = {},
  newest?: Newest,
  around: Around = {},
  options: object = {},
) {
  const server = await serve(script);
  const opened = await openOn(server.port, { ...options }, around);
  await opened.watch(newest);
  const heard = (...events: string[]) =>
    vi.waitFor(() => expect(shown(opened.emitted)).toEqual(events));
  return { ...opened, server, heard, bot: server.client('drawbridge') };
}
