import { expect, it } from 'vitest';
import { loopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { roomWithBot, until } from '../flow/support/bridged-room.ts';
import { MatrixPerson } from '../flow/support/matrix-person.ts';
import { makeBridge } from './support/bridge.ts';
import { startDevHomeserverProcess } from './support/dev-homeserver.ts';
import { freePort } from './support/free-port.ts';
import { startLoopbackProcess } from './support/loopback-network.ts';
import { BOT, killAtEnd, serverName } from './support/process-scene.ts';

it('a portal whose network is stopped holds up no other portal of its room, and catches up in order', async () => {
  const stuck = await startLoopbackProcess('drops-repeats');
  const lively = await startLoopbackProcess('drops-repeats');
  killAtEnd(stuck.process);
  killAtEnd(lively.process);
  const networkOf = (url: string, id: string) => ({
    adapter: 'loopback',
    displayName: id,
    command: `!${id}`,
    options: { url, certainty: 'drops-repeats' },
  });
  const homeserverPort = await freePort();
  const bridge = await makeBridge({
    homeserverUrl: `http://127.0.0.1:${homeserverPort}`,
    serverName,
    networks: { stuck: networkOf(stuck.url, 'stuck'), lively: networkOf(lively.url, 'lively') },
  });
  const { registrationFile } = bridge;
  const homeserver = await startDevHomeserverProcess({
    serverName,
    registrationFile,
    port: homeserverPort,
  });
  killAtEnd(homeserver.process);
  killAtEnd(bridge.process);
  await bridge.process.start();

  const ann = await MatrixPerson.register(homeserver.url, 'ann');
  const room = await roomWithBot(ann, BOT);
  for (const id of ['stuck', 'lively']) {
    await ann.say(room, `!${id} bridge #town`);
    await ann.hears(room, `This room is bridged to town on ${id} now.`);
  }
  const carol = await loopbackPerson(stuck.url, { id: 'carol' });
  const dave = await loopbackPerson(lively.url, { id: 'dave' });
  await carol.join('town');
  await dave.join('town');
  const heardBy = async (person: typeof carol) => {
    const { events } = await person.events(0);
    return events.flatMap((event) =>
      event.type === 'message' && String(event['text']).startsWith('n ')
        ? [String(event['text'])]
        : [],
    );
  };
  await ann.say(room, 'n 0');
  await until(async () => expect(await heardBy(carol)).toEqual(['n 0']));

  stuck.process.pause();
  const later = Array.from({ length: 20 }, (_, n) => `n ${n + 1}`);
  for (const text of later) await ann.say(room, text);
  await until(async () => expect(await heardBy(dave)).toEqual(['n 0', ...later]));

  stuck.process.resume();
  await until(async () => expect(await heardBy(carol)).toEqual(['n 0', ...later]));
});
