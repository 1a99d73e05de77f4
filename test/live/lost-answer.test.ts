import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import type { MatrixPerson } from '../flow/support/matrix-person.ts';
import { requirePart } from './servers/require-part.ts';
import { startCuttingProxy } from './support/cutting-proxy.ts';
import { startDevHomeserverProcess } from './support/dev-homeserver.ts';
import { freePort } from './support/free-port.ts';
import { type StartHomeserver, serverName, setProcessScene } from './support/process-scene.ts';
import { startSynapse } from './support/synapse.ts';

/** A scene with a proxy between the bridge and the homeserver. Carol has been heard once. */
async function setUp(start: StartHomeserver) {
  const port = await freePort();
  const between = await startCuttingProxy(port);
  onTestFinished(() => between.close());
  const scene = await setProcessScene(start, { port, homeserverUrl: between.url });
  const { homeserver, bridge, ann, room, carol } = scene;
  await carol.say('town', 'before');
  await ann.hears(room, 'before');
  /** The homeserver is killed, and gets what comes after. */
  async function forget(): Promise<void> {
    // A homeserver that is killed forgets what it has not pushed yet.
    await until(async () => expect(await bridge.command('queue')).toMatch(/^[de]\d/m));
    await homeserver.kill();
    await homeserver.start();
    between.mend();
    await carol.say('town', 'after');
    await ann.hears(room, 'after');
  }
  return { ...scene, between, forget };
}

/** From carol, without what was redacted. */
const saidBy = async (ann: MatrixPerson, room: string) =>
  (await ann.texts(room))
    .filter((text) => text.startsWith('drawbridge_loop_carol'))
    .map((text) => text.split(': ')[1]);

function itSendsOnce(start: StartHomeserver): void {
  it('is followed by one event only, also when the homeserver was killed meanwhile', async () => {
    const { between, ann, room, carol, forget } = await setUp(start);
    const lost = between.loseAnswerTo('said once');
    const message = await carol.say('town', 'said once');
    await lost;
    // The homeserver has it, and forgets that it was asked: its memory of transactions dies with it.
    const seen = await ann.hears(room, 'said once');
    const copied = { 'dev.drawbridge.mark': seen.content['dev.drawbridge.mark'] };
    await ann.say(room, 'with a copied marker', copied);
    await forget();

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
    const { between, ann, room, carol, forget } = await setUp(start);
    const lost = between.loseAnswerTo('taken back');
    await carol.say('town', 'taken back');
    await lost;
    await ann.redact(room, (await ann.hears(room, 'taken back')).event_id);
    await forget();
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
