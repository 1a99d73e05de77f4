import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../flow/support/bridged-room.ts';
import { libraryPath } from './servers/provision.ts';
import { requirePart } from './servers/require-part.ts';
import { setScene } from './support/scene.ts';
import { temporaryDir } from './support/temporary-dir.ts';
import { stepsOf, wrongAbout } from './support/trace.ts';

const strace = await requirePart('strace');

const numbered = (who: string) => Array.from({ length: 10 }, (_, n) => `${who}-${n}.`);

/** Says things on both sides of a bridge that is traced, and judges the trace. */
async function traced(nodeArgs: readonly string[] = []): Promise<readonly string[]> {
  const dir = await temporaryDir('trace');
  const library = `LD_LIBRARY_PATH=${await libraryPath(strace.root)}`;
  const calls = 'pwrite64,fsync,fdatasync,write,writev,sendto';
  const scene = await setScene({
    nodeArgs,
    through: [
      // With `-D` the tracer steps aside, and the bridge is the child that the test stops.
      ...['env', library, join(strace.root, 'usr/bin/strace'), '-E', 'LD_LIBRARY_PATH', '-D'],
      ...['-f', '-yy', '-s', '5000', '-e', `trace=${calls}`, '-o', join(dir, 'trace')],
    ],
  });
  const { ann, carol, room, bridge, network } = scene;
  for (const text of numbered('matrix')) await ann.say(room, text);
  for (const text of numbered('remote')) await carol.say('town', text);
  await ann.hears(room, 'remote-9.');
  await until(() => expect(network.messages('town').at(-1)?.text).toBe('matrix-9.'));
  const trace = () => readFile(join(dir, 'trace'), 'utf8');
  await bridge.process.stop();
  await until(async () =>
    expect(await trace()).toMatch(new RegExp(`^${bridge.process.pid} +\\+\\+\\+ exited`, 'm')),
  );
  const steps = stepsOf(await trace());
  const problems = [
    ...numbered('matrix').map((text) =>
      wrongAbout(steps, text, (said) => said.includes('HTTP/1.1 200')),
    ),
    // The adapter says that it has something by asking for what comes after it.
    ...numbered('remote').map((text) =>
      wrongAbout(steps, text, (said) => said.includes('GET /events?after=')),
    ),
  ];
  return problems.filter((problem) => problem !== undefined);
}

/** Makes the process forget to wait for the disk. */
const UNSAFE = `
const fs = require('node:fs');
fs.fdatasync = (file, done) => setImmediate(done, null);
fs.fdatasyncSync = () => {};
require('node:module').syncBuiltinESMExports();
`;

strace.describe('the journal', () => {
  it('is flushed before the homeserver gets its 200, and before `emit` resolves', async () => {
    expect(await traced()).toEqual([]);
  });

  it('is seen not to be, when it is not', async () => {
    const dir = await temporaryDir('unsafe');
    const unsafe = join(dir, 'unsafe.cjs');
    await writeFile(unsafe, UNSAFE);
    const problems = await traced(['--require', unsafe]);
    for (const who of ['matrix', 'remote'])
      expect(problems).toContainEqual(
        expect.stringMatching(`${who}-\\d\\. was acknowledged before it was flushed`),
      );
  });
});
