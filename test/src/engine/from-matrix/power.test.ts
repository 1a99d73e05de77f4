import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeedWork } from '../../../../src/engine/from-matrix/deed.ts';
import { power } from '../../../../src/engine/from-matrix/power.ts';
import { createNames } from '../../../../src/engine/names.ts';
import { voiceId } from '../../../../src/engine/voice-choice.ts';
import type { MatrixUserId } from '../../../../src/model/matrix-ids.ts';
import type { Portal } from '../../../../src/model/portal.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';

const ann = '@ann:hs.test';
const voice = voiceId('net', 'enlisted', ann);

/** What is asked of the network when these have more power in the room. */
async function given(who: readonly MatrixUserId[], over: Partial<Portal> = {}) {
  const storage = await openStorage({ path: ':memory:', key: randomBytes(32) });
  onTestFinished(() => storage.close());
  const row = { id: voice, network: 'net', kind: 'enlisted', userId: ann, isOut: true } as const;
  await storage.voices.save(row);
  const context = { storage, names: createNames('bridge_', 'hs.test', ['net', 'other']) };
  const portal = { network: 'net', chat: '#chat', ...over };
  const speaker = { userId: ann, displayName: 'Ann' };
  const changes = who.map((one) => ({ who: one, was: 0, is: 50 }));
  const event = { kind: 'power', changes } as never;
  return power(event, { context, portal, speaker } as unknown as DeedWork);
}

describe('power that is given in a room', () => {
  it('is that of people of the network, and of people with a voice there', async () => {
    const deed = await given(['@bridge_net_carol:hs.test', ann]);
    const changes = [
      { user: 'carol', was: 0, is: 50 },
      { voice, was: 0, is: 50 },
    ];
    expect(deed).toMatchObject({ kind: 'act', action: { kind: 'power', chat: '#chat', changes } });
  });

  it.each<MatrixUserId>(['@bridge_other_dan:hs.test', '@bob:hs.test', '@bridge_bot:hs.test'])(
    'is nothing to it where it is that of %s',
    async (who) => {
      expect(await given([who])).toEqual({ kind: 'nothing' });
    },
  );

  it('is nothing in a private chat', async () => {
    expect(await given([ann], { receiver: voice })).toEqual({ kind: 'nothing' });
  });
});
