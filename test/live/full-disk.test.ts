import { afterAll, expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import { describeIfComplete } from './servers/require-part.ts';
import { setScene } from './support/scene.ts';
import { type SmallDisk, smallDisk } from './support/small-disk.ts';

const found = await smallDisk();
const missing = 'missing' in found ? [found.missing] : [];
const disk = found as SmallDisk;

afterAll(() => disk.close());

describeIfComplete('a bridge whose disk is full', missing, () => {
  it('acknowledges nothing, says why, and goes on by itself when there is room', async () => {
    const scene = await setScene({ through: disk.enter, more: { dataDir: disk.dir } });
    const { ann, carol, room, network, bridge, homeserver } = scene;
    await ann.say(room, 'm 0');
    await carol.say('town', 'r 0');
    await ann.hears(room, 'r 0');

    await disk.fill();
    const numbers = Array.from({ length: 40 }, (_, n) => n + 1);
    // Larger than what is left in pages that are there already.
    const long = 'x'.repeat(15_000);
    for (const n of numbers) {
      await ann.say(room, `m ${n} ${long}`);
      await carol.say('town', `r ${n} ${long}`);
    }
    await until(() => expect(bridge.process.log).toContain('the disk is full: make room'));
    expect(homeserver.backlog('drawbridge')).toBeGreaterThan(0);
    await until(async () => expect((await fetch(`${bridge.url}/health`)).status).toBe(503));
    await disk.makeRoom();

    const all = [0, ...numbers];
    const start = (text: string) => text.split(' x')[0] ?? '';
    await until(async () => {
      const there = network.messages('town').map(({ text }) => start(text));
      expect(there.filter((text) => text.startsWith('m'))).toEqual(all.map((n) => `m ${n}`));
      const here = (await ann.timeline(room)).map(({ content }) => start(String(content['body'])));
      expect(here.filter((text) => /^r \d/.test(text))).toEqual(all.map((n) => `r ${n}`));
    });
    expect(bridge.process.log).toContain('The database is written again');
    expect((await fetch(`${bridge.url}/health`)).status).toBe(200);
    expect(homeserver.backlog('drawbridge')).toBe(0);
  });
});

describeIfComplete('a bridge whose disk is read-only', missing, () => {
  it('does not start, and says why', async () => {
    const scene = await setScene({ through: disk.enter, more: { dataDir: disk.dir } });
    const { process } = scene.bridge;
    await process.stop();
    await disk.makeReadOnly();
    process.spawn();
    await until(() => expect(process.exitCode).toBe(2));
    expect(process.log).toMatch(
      /drawbridge: .* lies on a read-only file system: name another path\.$/m,
    );
  });
});
