import { describe, expect, it } from 'vitest';
import { freePort } from '../live/support/free-port.ts';
import { arrives, bridgedRoom, until } from './support/bridged-room.ts';
import { startStory } from './support/story.ts';

describe('the metrics of a bridge', () => {
  async function watched() {
    const metrics = { host: '127.0.0.1', port: await freePort() };
    const story = await startStory({ metrics });
    const lines = async () => {
      const answer = await fetch(`http://127.0.0.1:${metrics.port}/metrics`);
      return (await answer.text()).split('\n');
    };
    return { story, lines };
  }

  it('count what was bridged, both ways, and how long it took', async () => {
    const { story, lines } = await watched();
    const { ann, carol, room } = await bridgedRoom(story);
    await ann.say(room, 'there');
    await arrives(story, 'town', 'there');
    await carol.say('town', 'here');
    await ann.hears(room, 'here');
    const of = (way: string) => `network="loop",direction="${way}"`;
    const there =
      /^drawbridge_deliveries_total\{network="loop",direction="to_network",outcome="delivered"\} [1-9]/;
    const here =
      /^drawbridge_deliveries_total\{network="loop",direction="to_matrix",outcome="delivered"\} [1-9]/;
    await until(async () => {
      expect(await lines()).toContainEqual(expect.stringMatching(there));
      expect(await lines()).toContainEqual(expect.stringMatching(here));
    });
    expect(await lines()).toContain('drawbridge_network_up{network="loop"} 1');
    expect(await lines()).toContain(
      `drawbridge_delivery_seconds_bucket{le="60",${of('to_network')}} 1`,
    );
    expect((await lines()).join('\n')).toContain('process_resident_memory_bytes');
  });

  it('tell what waits for a network that is away, and that it is', async () => {
    const { story, lines } = await watched();
    const { ann, room } = await bridgedRoom(story);
    await story.stopBridge();
    await story.stopNetwork();
    await story.restartBridge();
    for (const n of [1, 2, 3]) await ann.say(room, `m ${n}`);
    const lane = 'network="loop",direction="to_network"';
    await until(async () => {
      expect(await lines()).toContain(`drawbridge_deliveries_waiting{${lane}} 3`);
    });
    expect(await lines()).toContain('drawbridge_network_up{network="loop"} 0');
    expect(await lines()).toContain('drawbridge_voices_open{network="loop"} 0');
    expect(await lines()).toContainEqual(
      expect.stringMatching(
        /^drawbridge_oldest_waiting_seconds\{network="loop",direction="to_network"\} [0-9.]+$/,
      ),
    );
  });
});
