import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { door } from '../../../src/operator/door.ts';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

/** A folder with the files of a bridge, whose door says how much waits each time, and then is closed. */
async function runningBridge(waiting: readonly number[]) {
  const folder = await folderWith({ 'config.yaml': smallest });
  const data = join(folder, 'data');
  await mkdir(data);
  const key = loadOrCreateKey(join(data, 'storage.key'));
  await (await openStorage({ path: join(data, 'drawbridge.db'), key })).close();
  const asked: unknown[] = [];
  const left = [...waiting];
  const one = door(
    {
      drain: async (what) => void asked.push(what),
      async state() {
        const now = left.shift();
        if (now === undefined) await one.close();
        return { amounts: [{ network: 'chat', direction: 'to_network', waiting: now }] };
      },
    },
    () => {},
  );
  onTestFinished(() => one.close());
  await one.open(join(data, 'operator.sock'));
  return { folder, asked };
}

describe('drawbridge drain', () => {
  it('tells how far it is, and what is left at the end', async () => {
    const { folder, asked } = await runningBridge([2, 2, 0]);

    const { code, out } = await run(folder, ['drain', '--deadline', '1.5']);

    expect(out.split('\n')).toEqual([
      'Waiting: 2 to chat.',
      'Nothing waits.',
      'The bridge has ended. Nothing waits.',
    ]);
    expect(asked).toEqual([{ deadlineMs: 1_500 }]);
    expect(code).toBe(0);
  });

  it('takes the deadline from the config where none is given', async () => {
    const { folder, asked } = await runningBridge([]);
    await run(folder, ['drain']);
    expect(asked).toEqual([{ deadlineMs: 60_000 }]);
  });

  it('says that no bridge runs, and what is no deadline', async () => {
    const folder = await folderWith({ 'config.yaml': smallest });
    const none = await run(folder, ['drain']);
    expect([none.code, none.err]).toEqual([
      2,
      expect.stringMatching(/^drawbridge: no bridge runs with this config: nobody answers at \S+$/),
    ]);
    const wrong = await run(folder, ['drain', '--deadline', 'soon']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('not soon')]);
  });
});
