import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BridgeError, type Host, type NetworkAdapter } from '#adapter';
import { loopback } from '../../bridges/loopback/index.ts';
import { askBridge } from '../../src/operator/ask.ts';
import { arrives, bridgedRoom, until } from './support/bridged-room.ts';
import { SERVER, startStory } from './support/story.ts';

describe('how a bridge stands', () => {
  it('is told while it runs: connections, who is held back, what is wrong and what was', async () => {
    let host: Host<unknown> | undefined;
    const adapter = {
      ...loopback,
      open: (given: Host<unknown>) => {
        host = given;
        return loopback.open(given as never);
      },
    } as NetworkAdapter;
    const story = await startStory({
      ...{ adapter, bridge: { policyRooms: [`#bans:${SERVER}`] } },
      network: { userRate: { burst: 2, perSecond: 0.01 } },
    });
    const state = () => askBridge(join(dirname(story.database), 'operator.sock'), 'state');
    const { ann, room } = await bridgedRoom(story);
    await ann.say(room, 'one');
    await arrives(story, 'town', 'one');
    for (const text of ['two', 'three']) await ann.say(room, text);
    await until(async () =>
      expect(await state()).toMatchObject({
        networks: [{ network: 'loop', isOpen: true, voices: 1, heldBack: 1 }],
        amounts: [{ network: 'loop', direction: 'to_network' }],
        policyProblems: { [`#bans:${SERVER}`]: expect.stringContaining('M_NOT_FOUND') },
      }),
    );
    const error = new BridgeError('unreachable', 'ping timeout', { effect: 'none' });
    host?.report({ is: 'failed', error });
    const lastError = { text: 'ping timeout', atMs: expect.any(Number) };
    expect(await state()).toMatchObject({ networks: [{ problem: 'ping timeout', lastError }] });
    host?.report({ is: 'ready' });
    const { networks } = (await state()) as { networks: object[] };
    expect(networks).toMatchObject([{ lastError }]);
    expect(networks[0]).not.toHaveProperty('problem');
  });
});
