import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { AliceClient } from '../../gatekeeper/client/client.ts';
import type { Told } from '../../gatekeeper/client/hearing.ts';
import type { Said } from '../../gia/index.ts';
import { requireParts } from './servers/require-part.ts';
import { type Bridge, makeBridge, prefix } from './support/bridge.ts';
import { freePort } from './support/free-port.ts';
import {
  addUser,
  connectProvider,
  type GatekeeperProcess,
  gatekeeperDomain,
  makeGatekeeper,
} from './support/gatekeeper-process.ts';
import { Person } from './support/person.ts';
import { type Synapse, startSynapse } from './support/synapse.ts';
import { temporaryDir } from './support/temporary-dir.ts';

const parts = await requireParts('synapse');
const serverName = 'hs.test';
const domain = 'bob.example';
const bot = `@${prefix}bot:${serverName}`;
const patience = { timeout: 30_000, interval: 50 };

parts.describe('Gatekeeper story', () => {
  let gatekeeper: GatekeeperProcess;
  let bridge: Bridge;
  let synapse: Synapse;
  let anna: Person;
  let alice: AliceClient;
  const heard: Told[] = [];

  beforeAll(async () => {
    const dir = await temporaryDir('gatekeeper-story');
    gatekeeper = await makeGatekeeper(join(dir, 'gatekeeper'));
    await gatekeeper.process.start();
    const options = await connectProvider(gatekeeper, { domain, dir });
    const port = await freePort();
    bridge = await makeBridge({
      ...{ homeserverUrl: `http://127.0.0.1:${port}`, serverName },
      networks: {
        alice: { adapter: 'gatekeeper', options: { ...options, plainNamesOf: serverName } },
      },
    });
    synapse = await startSynapse({
      ...{ root: parts.root('synapse'), port, serverName },
      registrations: [bridge.registrationFile],
    });
    await bridge.process.start();
    anna = await Person.enter(synapse.url, 'anna');
    alice = await AliceClient.open({
      ...{ origin: gatekeeper.origin, ca: await readFile(gatekeeper.caFile, 'utf8') },
      ...{ name: 'alice', password: await addUser(gatekeeper, 'alice'), device: 'phone' },
      file: join(dir, 'alice.db'),
    });
    void listen();
  });
  afterAll(async () => {
    anna?.stop();
    await alice?.close();
    await bridge?.process.kill();
    await synapse?.process.kill();
    await gatekeeper?.process.kill();
  });

  async function listen() {
    for await (const { told } of alice.heard()) heard.push(told);
  }

  const saidThere = () =>
    heard.flatMap(({ what }) => ('said' in what ? [{ id: what.id, said: what.said }] : []));
  const hears = (said: object) =>
    vi.waitFor(() => {
      const found = saidThere().find((one) =>
        expect.objectContaining(said).asymmetricMatch(one.said),
      );
      expect(found, JSON.stringify(saidThere())).toBeDefined();
      return found as { id: string; said: Said };
    }, patience);
  const text = (words: string) => [{ kind: 'text', format: 'plain', text: words }] as const;
  const message = (words: string) => ({ kind: 'message', items: text(words) });

  const invited = () =>
    anna.client.getRooms().find((room) => room.getMyMembership() === 'invite')?.roomId;

  it('lets a Matrix user begin a chat with somebody over there, and says who else reads it', async () => {
    const talk = await anna.createRoom({ invite: [bot] });
    await anna.until(() => anna.membership(talk, bot) === 'join', 'the bot');
    await anna.say(talk, `!gatekeeper chat alice@${gatekeeperDomain}`);
    await vi.waitFor(() => expect(invited()).toBeDefined(), patience);
    const room = await anna.join(invited() ?? '');
    await vi.waitFor(
      () =>
        expect(
          anna
            .lines(room)
            .map(({ body }) => body)
            .join(),
        ).toContain('cannot read it'),
      patience,
    );

    await anna.say(room, 'hello over there');
    await hears(message('hello over there'));
    const conversation = heard[0]?.conversation ?? '';
    await alice.say(conversation, { kind: 'message', items: text('hello in Matrix') });
    await anna.hears(room, 'hello in Matrix');
    expect(anna.members(room)).toContain('alice');
  });

  it('carries answers, edits, reactions and what is taken back, as what they are', async () => {
    const room = roomOf();
    const conversation = heard[0]?.conversation ?? '';
    const question = await anna.say(room, 'tea or coffee?');
    const { id } = await hears(message('tea or coffee?'));

    const answer = await alice.say(conversation, { ...message('tea'), replyTo: id } as Said);
    const seen = await anna.hears(room, 'tea');
    await alice.say(conversation, { kind: 'edit', of: answer, items: text('green tea') });
    await alice.say(conversation, { kind: 'reaction', to: id, keys: ['🍵'] });
    await vi.waitFor(() => {
      const [edit, reaction] = ['m.replace', 'm.annotation'].map((type) =>
        anna.events(room).find(({ content }) => relation(content)?.['rel_type'] === type),
      );
      expect(relation(edit?.content)).toMatchObject({ event_id: seen.id });
      expect(relation(reaction?.content)).toMatchObject({ event_id: question, key: '🍵' });
    }, patience);

    await anna.edit(room, question, 'tea or milk?');
    await hears({ kind: 'edit', of: id, items: text('tea or milk?') });
    await anna.redact(room, question);
    await hears({ kind: 'removal', of: id });
  });

  it('lets somebody over there begin a chat with a Matrix user, who is invited', async () => {
    const conversation = await alice.talkTo(`anna@${domain}`, 'e2b/1');
    await alice.say(conversation, { kind: 'message', items: text('psst') });

    await vi.waitFor(() => expect(invited()).toBeDefined(), patience);
    const room = await anna.join(invited() ?? '');
    await anna.hears(room, 'psst');
    await anna.say(room, 'yes?');

    await hears(message('yes?'));
    const told = () =>
      anna
        .lines(room)
        .map(({ body }) => body)
        .join();
    await vi.waitFor(() => expect(told()).toContain('encrypted on its way only'), patience);
  });

  const relation = (content: Readonly<Record<string, unknown>> | undefined) =>
    content?.['m.relates_to'] as Record<string, unknown> | undefined;

  const roomOf = () =>
    anna.client
      .getRooms()
      .find(({ roomId }) => anna.lines(roomId).some(({ body }) => body === 'hello in Matrix'))
      ?.roomId ?? '';
});
