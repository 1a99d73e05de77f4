import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Answers, AskedWrongly, door } from '../../../src/operator/door.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

/** A folder in which a bridge runs that answers so. */
async function answering(reload: Answers[string]) {
  const folder = await folderWith({ 'config.yaml': smallest });
  await mkdir(join(folder, 'data'));
  const one = door({ reload }, () => {});
  onTestFinished(() => one.close());
  await one.open(join(folder, 'data', 'operator.sock'));
  return folder;
}

describe('drawbridge reload', () => {
  it('says what is in force now, and what takes a start', async () => {
    const folder = await answering(async () => ({
      applied: ['bridge.permissions', 'log.level'],
      needRestart: ['bridge.url'],
    }));
    const { code, out } = await run(folder, ['reload']);
    expect(out.split('\n')).toEqual([
      'In force: bridge.permissions, log.level',
      'After the next start: bridge.url',
    ]);
    expect(code).toBe(0);
  });

  it('says that nothing is otherwise', async () => {
    const folder = await answering(async () => ({ applied: [], needRestart: [] }));
    expect((await run(folder, ['reload'])).out).toBe('Nothing is otherwise than before.');
  });

  it('says what the bridge found wrong', async () => {
    const folder = await answering(() => Promise.reject(new AskedWrongly('config.yaml:3:5: no')));
    const { code, err } = await run(folder, ['reload']);
    expect([code, err]).toEqual([1, 'drawbridge: config.yaml:3:5: no']);
  });
});
