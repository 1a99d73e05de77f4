import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { moveProvider } from '../../gatekeeper/admin/providers.ts';
import { approvedIn } from '../bridges/gatekeeper/bench.ts';
import { useGatekeeper } from '../gatekeeper/support/gatekeeper.ts';
import { requireParts } from './servers/require-part.ts';
import { BobChat, type BobChatProcess } from './support/bobchat.ts';
import { type Bridge, makeBridge, prefix } from './support/bridge.ts';
import { freePort } from './support/free-port.ts';
import { Person } from './support/person.ts';
import { type Synapse, startSynapse } from './support/synapse.ts';
import { temporaryDir } from './support/temporary-dir.ts';

const parts = await requireParts('synapse');
const serverName = 'hs.test';
const bot = `@${prefix}bot:${serverName}`;
const patience = { timeout: 30_000, interval: 50 };

parts.describe('BobChat and a Matrix user, each a stranger to the other’s provider', () => {
  const gatekeeper = useGatekeeper();
  let bob: BobChat;
  let listening: BobChatProcess;
  let bridge: Bridge;
  let synapse: Synapse;
  let anna: Person;

  beforeAll(async () => {
    const dir = await temporaryDir('bobchat-matrix');
    const { options } = await approvedIn(dir, gatekeeper, { domain: 'bridge.example' });
    const port = await freePort();
    bridge = await makeBridge({
      ...{ homeserverUrl: `http://127.0.0.1:${port}`, serverName },
      networks: {
        gk: {
          adapter: 'gatekeeper',
          options: { ...options, plainNamesOf: serverName, suites: ['e2b/1'] },
        },
      },
    });
    synapse = await startSynapse({
      ...{ root: parts.root('synapse'), port, serverName },
      registrations: [bridge.registrationFile],
    });
    await bridge.process.start();
    anna = await Person.enter(synapse.url, 'anna');
    bob = new BobChat(join(parts.root('synapse'), 'bin/python'), await temporaryDir('bobchat'));
    await writeFile(join(bob.dir, 'gatekeeper.pem'), gatekeeper.certificate);
    const about = ['--gatekeeper', gatekeeper.origin, '--domain', 'bobchat.example'];
    const more = [
      '--contact',
      'ops@bobchat.example',
      '--media-url',
      'https://media.bobchat.example',
    ];
    await bob.run('request-access', ...about, ...more, '--ca', 'gatekeeper.pem');
    moveProvider(gatekeeper.admin, 'bobchat.example', { to: 'operational', trustsAuth: true });
    await bob.run('enlist', 'bob');
    listening = bob.start(['listen']);
  });
  afterAll(async () => {
    anna?.stop();
    await listening?.kill();
    await bridge?.process.kill();
    await synapse?.process.kill();
  });

  it('chat with each other', async () => {
    const talk = await anna.createRoom({ invite: [bot] });
    await anna.until(() => anna.membership(talk, bot) === 'join', 'the bot');
    await anna.say(talk, '!gatekeeper chat bob@bobchat.example');
    const invited = () =>
      anna.client.getRooms().find((room) => room.getMyMembership() === 'invite')?.roomId;
    await vi.waitFor(() => expect(invited()).toBeDefined(), patience);
    const room = await anna.join(invited() ?? '');

    await anna.say(room, 'Hi Bob!');
    const hi = await listening.until(({ text }) => text === 'Hi Bob!');
    await bob.run('send', 'bob', 'anna@bridge.example', 'Hi Anna!', '--reply-to', hi.id);

    const answer = await anna.hears(room, 'Hi Anna!');
    const said = anna.events(room).find(({ event_id }) => event_id === answer.id);
    const hello = anna.lines(room).find(({ body }) => body === 'Hi Bob!');
    expect(said?.content['m.relates_to']).toMatchObject({
      'm.in_reply_to': { event_id: hello?.id },
    });
    expect(anna.members(room)).toContain('Bob');
  });
});
