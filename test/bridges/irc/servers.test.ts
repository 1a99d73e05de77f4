import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Servers } from '../../../bridges/irc/servers.ts';
import { openOn } from './bench.ts';
import { type ScriptedClient, ScriptedServer } from './scripted-server.ts';

describe('Servers', () => {
  it('takes the port of the first where another names none', () => {
    const servers = new Servers({
      host: 'one.test',
      port: 6697,
      otherServers: ['two.test', 'three.test:7000', '[::1]:6667', '[::1]'],
    });
    const all = [];
    for (let n = 0; n <= 4; n++) {
      all.push(servers.current);
      servers.failed(servers.current);
    }
    expect(all).toEqual([
      { host: 'one.test', port: 6697 },
      { host: 'two.test', port: 6697 },
      { host: 'three.test', port: 7000 },
      { host: '::1', port: 6667 },
      { host: '::1', port: 6697 },
    ]);
    expect(servers.current.host).toBe('one.test');
  });

  it('goes on with the same one when it hears late of another that failed', () => {
    const servers = new Servers({ host: 'one.test', port: 1, otherServers: ['two.test'] });
    const first = servers.current;
    servers.failed(first);
    servers.failed(first);
    expect(servers.current.host).toBe('two.test');
  });
});

describe('a network of two servers', () => {
  it('is opened on the other one when the first cannot be had, and goes there when it goes away', async () => {
    const away = await ScriptedServer.start();
    const other = await ScriptedServer.start();
    const { port } = away;
    await away.stop();
    const { enlist } = await openOn(port, { otherServers: [`127.0.0.1:${other.port}`] });
    expect(other.isTaken('drawbridge')).toBe(true);

    const first = await ScriptedServer.start({}, port);
    await other.stop();
    await vi.waitFor(() => expect(first.isTaken('drawbridge')).toBe(true), 10_000);
    await enlist();
    expect(first.isTaken('ann[m]')).toBe(true);
    await first.stop();
  });

  it('says of the last one why it cannot be had', async () => {
    const servers = [await ScriptedServer.start(), await ScriptedServer.start()];
    const [first, second] = servers.map(({ port }) => port);
    for (const server of servers) await server.stop();
    await expect(openOn(first ?? 0, { otherServers: [`127.0.0.1:${second}`] })).rejects.toThrow(
      `:${second}`,
    );
  });
});

describe('a server that does not want it', () => {
  it.each([
    ['Closing link: [K-Lined: spam]', 'not_allowed', 300_000, 'ask its operators'],
    ['Trying to (re)connect too fast.', 'rate_limited', 60_000, 'ask its operators for more'],
  ])('is left in peace that says: %s', async (text, code, retryAfterMs, words) => {
    const deal = (client: ScriptedClient) => {
      client.say(`ERROR :${text}`);
      return true;
    };
    const server = await ScriptedServer.start({ deal });
    onTestFinished(() => server.stop());
    const refused = await openOn(server.port).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code, retryAfterMs, effect: 'none' });
    expect(String(refused)).toContain(words);
    expect(String(refused)).toContain(text);

    server.script = {};
    const { standings } = await openOn(server.port, { reconnectMaxMs: 3_600_000 });
    server.script = { deal };
    server.client('drawbridge').say(`ERROR :${text}`);
    server.client('drawbridge').cut();
    await vi.waitFor(() =>
      expect(standings).toMatchObject([{ standing: { is: 'failed', error: { code } } }]),
    );
  });
});

describe('a server that throws everybody out', () => {
  it('is said to be away once, however often it is tried', async () => {
    const server = await ScriptedServer.start();
    const { standings } = await openOn(server.port, { reconnectBaseMs: 1, reconnectMaxMs: 5 });
    const [bot] = server.clients;
    server.script = { deal: (client) => client.cut() === undefined };
    bot?.cut();
    await vi.waitFor(() => expect(server.clients.length).toBeGreaterThan(9), 10_000);
    expect(standings).toMatchObject([{ standing: { is: 'failed' } }]);
    server.script = {};
    await vi.waitFor(() => expect(standings.at(-1)).toMatchObject({ standing: { is: 'ready' } }));
  });
});
