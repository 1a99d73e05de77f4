import { describe, expect, it } from 'vitest';
import type { LoopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { until } from '../flow/support/bridged-room.ts';
import { requirePart } from './servers/require-part.ts';
import type { Bridge } from './support/bridge.ts';
import { startDevHomeserverProcess } from './support/dev-homeserver.ts';
import { type StartHomeserver, serverName, setProcessScene } from './support/process-scene.ts';
import { startSynapse } from './support/synapse.ts';

/** What Carol heard, in order. */
async function heardBy(carol: LoopbackPerson): Promise<readonly unknown[]> {
  const { events } = await carol.events(0);
  return events.flatMap((event) => (event.type === 'message' ? [event['text']] : []));
}

const countIn = (bridge: Bridge, text: string) => bridge.process.log.split(text).length - 1;
const retries = 'A request is tried again';
const lost = 'Events that the homeserver had not pushed are bridged now';

function itBridgesAll(start: StartHomeserver): void {
  it('has lost nothing for the bridge: all of it comes over once, and in order', async () => {
    const { homeserver, bridge, ann, room, carol } = await setProcessScene(start);
    const said: string[] = [];
    const say = async (count: number) => {
      for (let n = 0; n < count; n++) {
        said.push(`n ${said.length}`);
        await ann.say(room, said.at(-1) ?? '');
      }
    };
    const allHeard = () => until(async () => expect(await heardBy(carol)).toEqual(said));
    /** The bridge stands still, so that what is said meanwhile is queued, and then it is too late. */
    const loseSome = async () => {
      bridge.process.pause();
      await say(20);
      await homeserver.kill();
    };
    await say(1);
    await allHeard();

    // With the bridge running: it has to notice.
    await loseSome();
    const [before, foundBefore] = [countIn(bridge, retries), countIn(bridge, lost)];
    bridge.process.resume();
    await until(() => expect(countIn(bridge, retries)).toBeGreaterThan(before));
    await homeserver.start();
    await say(1);
    await allHeard();
    const found = countIn(bridge, lost);
    expect(found).toBeGreaterThan(foundBefore);

    // With the bridge killed as well, also while it catches up.
    await loseSome();
    await bridge.process.kill();
    await homeserver.start();
    await bridge.process.start();
    await bridge.process.kill();
    await bridge.process.start();
    await say(1);
    await allHeard();
    expect(countIn(bridge, lost)).toBeGreaterThan(found);

    // Back before the bridge asks it anything.
    await loseSome();
    await homeserver.start();
    bridge.process.resume();
    await say(1);
    await allHeard();

    // Under way, as it comes.
    await say(20);
    await homeserver.kill();
    await homeserver.start();
    await say(1);
    await allHeard();
  });
}

describe('a dev homeserver that is killed right after it has answered', () => {
  itBridgesAll((port, registrationFile) =>
    startDevHomeserverProcess({ serverName, registrationFile, port, losesQueue: true }),
  );
});

const synapse = await requirePart('synapse');
synapse.describe('a Synapse that is killed right after it has answered', () => {
  itBridgesAll((port, registrationFile) =>
    startSynapse({ root: synapse.root, port, serverName, registrations: [registrationFile] }),
  );
});
