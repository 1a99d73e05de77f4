import { afterEach, describe, expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { roomWithBot, until } from '../flow/support/bridged-room.ts';
import { MatrixPerson } from '../flow/support/matrix-person.ts';
import { requirePart } from './servers/require-part.ts';
import { type Bridge, makeBridge } from './support/bridge.ts';
import { type CuttingProxy, startCuttingProxy } from './support/cutting-proxy.ts';
import { startDevHomeserverProcess } from './support/dev-homeserver.ts';
import { freePort } from './support/free-port.ts';
import { startLoopbackProcess } from './support/loopback-network.ts';
import type { ServerProcess } from './support/server-process.ts';
import { startSynapse } from './support/synapse.ts';

const serverName = 'hs.test';
const bot = '@drawbridge_bot:hs.test';

const running: ServerProcess[] = [];
let proxy: CuttingProxy | undefined;
afterEach(async () => {
  await proxy?.close();
  for (const server of running.splice(0).reverse()) await server.kill();
});

interface Homeserver {
  readonly url: string;
  readonly process: ServerProcess;
}

/** A person in a room that is bridged, with a proxy between the bridge and the homeserver. */
async function setUp(
  start: (port: number, registrationFile: string) => Promise<Homeserver>,
): Promise<{
  homeserver: Homeserver;
  between: CuttingProxy;
  bridge: Bridge;
  ann: MatrixPerson;
  room: string;
  network: string;
}> {
  const network = await startLoopbackProcess('drops-repeats');
  running.push(network.process);
  const port = await freePort();
  const between = await startCuttingProxy(port);
  proxy = between;
  const options = { url: network.url, certainty: 'drops-repeats' };
  const bridge = await makeBridge({
    homeserverUrl: between.url,
    serverName,
    networks: { loop: { adapter: 'loopback', displayName: 'Loop', command: '!loop', options } },
  });
  const homeserver = await start(port, bridge.registrationFile);
  running.push(homeserver.process);
  await bridge.process.start();
  running.push(bridge.process);
  const ann = await MatrixPerson.register(homeserver.url, 'ann');
  const room = await roomWithBot(ann, bot);
  await ann.say(room, '!loop bridge #town');
  await ann.hears(room, 'This room is bridged to town on Loop now.');
  return { homeserver, between, bridge, ann, room, network: network.url };
}

/** From carol, without what was redacted. */
const saidBy = async (ann: MatrixPerson, room: string) =>
  (await ann.texts(room))
    .filter((text) => text.startsWith('drawbridge_loop_carol'))
    .map((text) => text.split(': ')[1]);

function itSendsOnce(start: (port: number, registrationFile: string) => Promise<Homeserver>): void {
  it('is followed by one event only, also when the homeserver was killed meanwhile', async () => {
    const { homeserver, between, bridge, ann, room, network } = await setUp(start);
    const carol = await loopbackPerson(network, { id: 'carol' });
    await carol.join('town');
    await carol.say('town', 'before');
    await ann.hears(room, 'before');

    const lost = between.loseAnswerTo('said once');
    const message = await carol.say('town', 'said once');
    await lost;
    // The homeserver has it, and forgets that it was asked: its memory of transactions dies with it.
    const seen = await ann.hears(room, 'said once');
    const copied = { 'dev.drawbridge.mark': seen.content['dev.drawbridge.mark'] };
    await ann.say(room, 'with a copied marker', copied);
    // A homeserver that is killed forgets what it has not pushed yet.
    await until(async () => expect(await bridge.command('queue')).toMatch(/^[de]\d/m));
    await homeserver.process.kill();
    await homeserver.process.start();
    between.mend();
    await carol.say('town', 'after');
    await ann.hears(room, 'after');

    expect(await saidBy(ann, room)).toEqual(['before', 'said once', 'after']);
    // The copy is a message like any other.
    await until(async () => {
      const { events } = await carol.events(0);
      expect(events.map((event) => event['text'])).toContain('with a copied marker');
    });
    // It was not taken for the one that it was copied from.
    await carol.edit('town', message, 'said once, and edited');
    const edit = await ann.hears(room, '* said once, and edited');
    expect(edit.content['m.relates_to']).toMatchObject({ event_id: seen.event_id });
  });

  it('is not made up for when somebody has redacted the event, which is known over there', async () => {
    const { homeserver, between, bridge, ann, room, network } = await setUp(start);
    const carol = await loopbackPerson(network, { id: 'carol' });
    await carol.join('town');
    await carol.say('town', 'before');
    await ann.hears(room, 'before');

    const lost = between.loseAnswerTo('taken back');
    await carol.say('town', 'taken back');
    await lost;
    await ann.redact(room, (await ann.hears(room, 'taken back')).event_id);
    await until(async () => expect(await bridge.command('queue')).toMatch(/^[de]\d/m));
    await homeserver.process.kill();
    await homeserver.process.start();
    between.mend();
    await carol.say('town', 'after');
    await ann.hears(room, 'after');
    expect(await saidBy(ann, room)).toEqual(['before', 'after']);
    // The network lets nobody take back what others said; of what it does not know nothing is said.
    await ann.hears(room, 'Your message has not reached Loop, because it was not allowed there.');
  });
}

describe('a PUT whose answer is lost, on the dev homeserver', () => {
  itSendsOnce((port, registrationFile) =>
    startDevHomeserverProcess({ serverName, registrationFile, port }),
  );
});

const synapse = await requirePart('synapse');
synapse.describe('a PUT whose answer is lost, on Synapse', () => {
  itSendsOnce((port, registrationFile) =>
    startSynapse({ root: synapse.root, port, serverName, registrations: [registrationFile] }),
  );
});
