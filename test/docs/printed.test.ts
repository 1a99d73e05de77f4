import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { networks } from '../../bridges/index.ts';
import { runCli } from '../../src/cli/program.ts';
import { loadConfig } from '../../src/config/index.ts';
import { printSample } from '../../src/config/print-sample.ts';
import { printErrorManual } from './error-manual.ts';

/** The networks that operators bridge. The loopback network is for practice and for tests. */
const forOperators = Object.entries(networks).filter(([id]) => id !== 'loopback');

const sample = async () => printSample(await Promise.all(forOperators.map(([, load]) => load())));

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function sampleFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-docs-'));
  folders.push(folder);
  await writeFile(join(folder, 'config.yaml'), await sample());
  return join(folder, 'config.yaml');
}

/** What no sample can know: which server it is. */
const env = { DRAWBRIDGE_NETWORKS_IRC_HOST: 'irc.example.org' };

/** The files are compared; `-u` prints them again. */
describe('what is printed from the code', () => {
  it('is config.sample.yaml', async () => {
    await expect(await sample()).toMatchFileSnapshot('../../config.sample.yaml');
  });

  it('is registration.yaml', async () => {
    const out: string[] = [];
    const io = {
      out: (line: string) => void out.push(line),
      err: (line: string) => expect.fail(line),
      env,
      cwd: '.',
      onStop: () => () => {},
      onReload: () => () => {},
    };
    const args = ['registration', '--placeholder', '--config', await sampleFile()];

    expect(await runCli(args, { io, adapters: networks, executable: '' })).toBe(0);
    await expect(`${out.join('\n')}\n`).toMatchFileSnapshot('../../registration.yaml');
  });

  it('is docs/errors.md', async () => {
    await expect(printErrorManual()).toMatchFileSnapshot('../../docs/errors.md');
  });
});

describe('config.sample.yaml', () => {
  it('can be used once it names a server', async () => {
    const config = await loadConfig(await sampleFile(), { adapters: networks, env });

    expect(Object.keys(config.networks)).toEqual(forOperators.map(([id]) => id));
  });
});
