import { describe, expect, it } from 'vitest';
import { until } from '../../flow/support/bridged-room.ts';
import { openOn } from './bench.ts';
import { type Script, ScriptedServer } from './scripted-server.ts';

const account = { account: 'bot', accountPassword: 'pw' };

/** A network whose accounts are proved by PLAIN. */
const withSasl = (answer: string): Script => ({
  caps: ['sasl=PLAIN', 'server-time'],
  deal(client, command, [first]) {
    if (command !== 'AUTHENTICATE') return false;
    client.say(first === 'PLAIN' ? 'AUTHENTICATE +' : answer);
    return true;
  },
});

async function serve(script: Script) {
  const server = await ScriptedServer.start(script);
  return server;
}

describe('the account of the bot', () => {
  it('is proved before it is let in, and belongs to no other connection', async () => {
    const server = await serve(withSasl(':s 903 * :SASL authentication successful'));
    const { enlist } = await openOn(server.port, account);
    const { lines } = server.client('drawbridge');
    const secret = Buffer.from('\0bot\0pw').toString('base64');
    expect(lines.slice(-3)).toEqual(['AUTHENTICATE PLAIN', `AUTHENTICATE ${secret}`, 'CAP END']);
    await enlist();
    expect(server.client('ann[m]').sent('AUTHENTICATE')).toEqual([]);
    await server.stop();
  });

  it('that is not believed keeps the network closed, and says so without the password', async () => {
    const server = await serve(withSasl(':s 904 * :SASL authentication failed'));
    await expect(openOn(server.port, account)).rejects.toMatchObject({
      code: 'not_allowed',
      message: 'IRC connection: The account bot is not proved: SASL authentication failed',
    });
    await server.stop();
  });

  it('is told to NickServ where there is no SASL, before any channel is joined', async () => {
    let identified = () => {};
    const server = await serve({
      caps: [],
      deal(client, command, [target, text]) {
        if (command !== 'PRIVMSG' || target !== 'NickServ') return false;
        expect(text).toBe('IDENTIFY bot pw');
        identified = () => client.say(':NickServ!s@services NOTICE drawbridge :You are identified');
        return true;
      },
    });
    const opening = openOn(server.port, account);
    await until(() => expect(server.client('drawbridge').sent('PRIVMSG NickServ')).toHaveLength(1));
    identified();
    await opening;
    await server.stop();
  });
});
