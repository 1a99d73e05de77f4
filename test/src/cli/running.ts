import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Answers, door } from '../../../src/operator/door.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { type Ran, run } from './fixture.ts';

/** Runs the program where a bridge runs that answers so. */
export async function whereRunning(answers: Answers, args: readonly string[]): Promise<Ran> {
  const folder = await folderWith({ 'config.yaml': smallest });
  await mkdir(join(folder, 'data'));
  const one = door(answers, () => {});
  onTestFinished(() => one.close());
  await one.open(join(folder, 'data', 'operator.sock'));
  return run(folder, args);
}
