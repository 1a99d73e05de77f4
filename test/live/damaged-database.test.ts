import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import { damage, overwrite } from '../flow/support/damage.ts';
import { type Scene, setScene } from './support/scene.ts';
import { temporaryDir } from './support/temporary-dir.ts';

let scene: Scene;

const databaseOf = ({ bridge }: Scene) => join(bridge.dir, 'data/drawbridge.db');

/** What it says last, and what it ends with. Nobody is shown a stack. */
async function ending(): Promise<{ code: number | undefined; words: string }> {
  const { process } = scene.bridge;
  await until(() => expect(process.exitCode).toBeDefined());
  const words = process.log.trim().split('\n').at(-1) ?? '';
  return { code: process.exitCode, words };
}

/** Once there is a file of that name, whatever is flushed fails as a broken disk does. */
const failingDisk = (trigger: string) => `
const fs = require('node:fs');
const { fdatasync, fdatasyncSync } = fs;
const broken = Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
const isBroken = () => fs.existsSync(${JSON.stringify(trigger)});
fs.fdatasync = (file, done) => isBroken() ? setImmediate(done, broken) : fdatasync(file, done);
fs.fdatasyncSync = (file) => {
  if (isBroken()) throw broken;
  fdatasyncSync(file);
};
require('node:module').syncBuiltinESMExports();
`;

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

  it('does so when what it wrote does not get to the disk, and loses nothing', async () => {
    const dir = await temporaryDir('failing');
    const [script, trigger] = [join(dir, 'failing.cjs'), join(dir, 'fails-now')];
    await writeFile(script, failingDisk(trigger));
    scene = await setScene({ nodeArgs: ['--require', script] });
    await scene.ann.say(scene.room, 'before');
    await until(() => expect(scene.network.messages('town')).toHaveLength(1));
    await writeFile(trigger, '');
    await scene.ann.say(scene.room, 'meanwhile');
    expect(await ending()).toEqual({
      code: 2,
      words: expect.stringMatching(/^drawbridge: .* did not get to the disk \(EIO.*start again\.$/),
    });
    expect(scene.homeserver.backlog('drawbridge')).toBeGreaterThan(0);
    await rm(trigger);
    await scene.bridge.process.start();
    await until(() =>
      expect(scene.network.messages('town').map(({ text }) => text)).toEqual([
        'before',
        'meanwhile',
      ]),
    );
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
