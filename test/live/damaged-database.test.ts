import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import { damage, overwrite } from '../flow/support/damage.ts';
import { type Scene, setScene } from './support/scene.ts';

let scene: Scene;
afterEach(() => scene.close());

const databaseOf = ({ bridge }: Scene) => join(bridge.dir, 'data/drawbridge.db');

/** What it says last, and what it ends with. Nobody is shown a stack. */
async function ending(): Promise<{ code: number | undefined; words: string }> {
  const { process } = scene.bridge;
  await until(() => expect(process.exitCode).toBeDefined());
  const words = process.log.trim().split('\n').at(-1) ?? '';
  return { code: process.exitCode, words };
}

describe('drawbridge run', () => {
  it('ends with 2 and says what to do when the header of its database is gone', async () => {
    scene = await setScene();
    await scene.bridge.process.stop();
    overwrite(databaseOf(scene), 0, 100);
    scene.bridge.process.spawn();
    expect(await ending()).toEqual({
      code: 2,
      words: expect.stringMatching(/^drawbridge: .* restore the file from a backup\.$/),
    });
  });

  it('does so as well when it meets a damage while it runs', async () => {
    scene = await setScene();
    await scene.bridge.process.stop();
    damage(databaseOf(scene), 'matrix_event');
    scene.bridge.process.spawn();
    await scene.ann.say(scene.room, 'too late');
    expect(await ending()).toEqual({
      code: 2,
      words: expect.stringMatching(/^drawbridge: .* it is damaged: stop the bridge, keep a copy/),
    });
    expect(scene.homeserver.backlog('drawbridge')).toBeGreaterThan(0);
  });

  it('ends with 1, so that it is started again, when somebody else holds its database', async () => {
    scene = await setScene();
    await scene.bridge.process.stop();
    const other = new Sqlite(databaseOf(scene), { timeout: 0 });
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('BEGIN EXCLUSIVE');
    scene.bridge.process.spawn();
    expect(await ending()).toEqual({
      code: 1,
      words: expect.stringMatching(/^drawbridge: .* another process holds its lock/),
    });
    other.close();
  });
});
