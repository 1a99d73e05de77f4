import { expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import { requirePart } from './servers/require-part.ts';
import { serverName, setProcessScene } from './support/process-scene.ts';
import { startSynapse } from './support/synapse.ts';

const synapse = await requirePart('synapse');
const bot = `@drawbridge_bot:${serverName}`;
const isAnns = (text: string) => text.startsWith('a');
const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;

synapse.describe('a room of Synapse that is replaced', () => {
  it('is followed into one of version 12, with all that is said meanwhile, in order', async () => {
    const { ann, carol, room } = await setProcessScene((port, registrationFile) =>
      startSynapse({ root: synapse.root, port, serverName, registrations: [registrationFile] }),
    );
    await ann.say(room, 'a 0');
    await carol.say('town', 'c 0');
    await ann.hears(room, 'c 0');
    const { replacement_room: room2 } = await ann.ask<{ replacement_room: string }>(
      'POST',
      `${at(room)}/upgrade`,
      { new_version: '12' },
    );
    await carol.say('town', 'c 1');
    await ann.say(room2, 'a 1');
    await ann.invite(room2, bot);
    await ann.say(room2, 'a 2');
    await ann.hears(room2, 'c 1');
    await carol.say('town', 'c 2');
    await ann.hears(room2, 'c 2');
    const said = async () => (await carol.events(0)).events.map(({ text }) => String(text));
    const ours = async () => (await said()).map((text) => text.slice(-3)).filter(isAnns);
    await until(async () => expect(await ours()).toEqual(['a 0', 'a 1', 'a 2']));
    const heard = async (of: string) =>
      (await ann.texts(of)).filter((text) => text.includes('carol')).map((text) => text.slice(-3));
    expect([...(await heard(room)), ...(await heard(room2))]).toEqual(['c 0', 'c 1', 'c 2']);
    await ann.say(room, 'to nobody');
    await ann.say(room2, 'a 3');
    await until(async () => expect(await ours()).toContain('a 3'));
    expect(await said()).not.toContain('to nobody');
  });
});
