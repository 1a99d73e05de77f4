import { expect, it } from 'vitest';
import type { LoopbackPerson } from '../../src/testing/loopback-network/index.ts';
import { until } from '../flow/support/bridged-room.ts';
import { requirePart } from './servers/require-part.ts';
import { serverName, setProcessScene } from './support/process-scene.ts';
import { startSynapse } from './support/synapse.ts';

const synapse = await requirePart('synapse');

/** Ann in a room of Synapse and Carol in a chat, bridged, and each has heard the other. */
async function talking() {
  const { ann, carol, room } = await setProcessScene((port, registrationFile) =>
    startSynapse({ root: synapse.root, port, serverName, registrations: [registrationFile] }),
  );
  const mine = await ann.say(room, 'hello');
  const theirs = await carol.say('town', 'hi');
  const seen = (await ann.hears(room, 'hi')).event_id;
  const there = await until(async () => {
    const found = (await carol.events(0)).events.find(({ text }) => text === 'hello');
    expect(found).toBeDefined();
    return String(found?.['id']);
  });
  return { ann, carol, at: `/rooms/${encodeURIComponent(room)}`, room, mine, theirs, seen, there };
}

const hints = async (carol: LoopbackPerson) => (await carol.events(0)).hints;

interface Sync {
  readonly rooms?: {
    readonly join?: Record<string, { ephemeral: { events: { content: object }[] } }>;
  };
}

synapse.describe('what people do in passing, on Synapse', () => {
  it('is shown on either side: who types, and how far each has read', async () => {
    const { ann, carol, at, room, mine, theirs, seen, there } = await talking();
    const typing = (is: boolean) =>
      ann.ask('PUT', `${at}/typing/${ann.userId}`, { typing: is, timeout: 20_000 });
    await typing(true);
    await until(async () =>
      expect(await hints(carol)).toMatchObject([{ user: 'ann', chat: 'town' }]),
    );
    await typing(false);
    await until(async () => expect(await hints(carol)).toMatchObject([{ user: 'ann', forMs: 0 }]));
    await ann.ask('POST', `${at}/receipt/m.read/${encodeURIComponent(seen)}`, {});
    await until(async () =>
      expect(await hints(carol)).toMatchObject([{ user: 'ann', upTo: theirs }]),
    );

    await carol.typing('town', 20_000);
    await carol.read('town', there);
    const ghost = '@drawbridge_loop_carol:hs.test';
    await until(async () => {
      const { rooms } = await ann.ask<Sync>('GET', '/sync');
      const shown = rooms?.join?.[room]?.ephemeral.events.map(({ content }) => content);
      expect(shown).toContainEqual({ user_ids: [ghost] });
      expect(shown).toContainEqual(
        expect.objectContaining({ [mine]: { 'm.read': { [ghost]: expect.anything() } } }),
      );
    });
  });
});
