import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const runFile = promisify(execFile);
const minutes = 3 * 60_000;
let folder: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drawbridge-alone-'));
  const build = ['scripts/build.mjs', 'tsconfig.json', 'tsconfig.build.json'];
  for (const name of ['src', 'package.json', ...build])
    await cp(name, join(folder, name), { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  // One by one, so that a package can be put beside them.
  for (const name of await readdir('node_modules'))
    await symlink(resolve('node_modules', name), join(folder, 'node_modules', name));
}, minutes);
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => void child?.kill('SIGKILL'));

/** A host program, the config of a bridge, and the network that it names, as a package beside it. */
async function install(closing: string): Promise<void> {
  const own = join(folder, 'node_modules', 'quiet');
  await mkdir(own, { recursive: true });
  await writeFile(
    join(own, 'package.json'),
    JSON.stringify({ type: 'module', exports: { import: './index.js' } }),
  );
  await writeFile(
    join(own, 'index.js'),
    `import { z } from 'zod';
export const adapter = { id: 'quiet', displayName: 'Quiet', voices: ['relay'], config: z.strictObject({}),
  open: async ({ log }) => (log('info', 'Quiet is open'), { session: async () => ({ on: {} }), close: ${closing} }) };
`,
  );
  await writeFile(
    join(folder, 'host.js'),
    "import { runMain } from './dist/src/cli/main.js';\nawait runMain({});\n",
  );
  await writeFile(
    join(folder, 'config.yaml'),
    `homeserver: { url: 'http://127.0.0.1:1', serverName: example.org }
bridge: { url: 'http://127.0.0.1:9993', listen: { port: 0 } }
networks: { quiet: { adapter: quiet } }
`,
  );
  const { stdout } = await runFile(process.execPath, ['host.js', 'registration'], { cwd: folder });
  await writeFile(join(folder, 'registration.local.yaml'), stdout);
}

/** Starts the bridge; resolves with its words once it has said these. */
async function started(): Promise<{
  said(words: string): Promise<void>;
  exit: Promise<unknown[]>;
}> {
  const bridge = spawn(process.execPath, ['host.js', 'run'], { cwd: folder });
  child = bridge;
  let words = '';
  for (const stream of [bridge.stdout, bridge.stderr])
    stream.on('data', (chunk) => {
      words += chunk;
    });
  return {
    exit: once(bridge, 'exit'),
    said: (wanted) => expect.poll(() => words, { timeout: 20_000 }).toContain(wanted),
  };
}

describe('src/', () => {
  it('builds with bridges/ deleted', { timeout: minutes }, async () => {
    // Rejects with the compiler's words when a type is wrong.
    await runFile(process.execPath, ['scripts/build.mjs'], { cwd: folder }).catch(({ stdout }) =>
      expect.fail(stdout),
    );

    expect((await stat(join(folder, 'dist/src/index.js'))).isFile()).toBe(true);
  });
});

describe('drawbridge run, built', () => {
  it('bridges a network that is a package, and ends with 0 when it is asked to', async () => {
    await install('async () => {}');
    const { said, exit } = await started();
    await said('Quiet is open');

    // As when npm passes on what the terminal has told everybody.
    child?.kill('SIGINT');
    child?.kill('SIGTERM');

    expect(await exit).toEqual([0, null]);
    await said('Stopped');
  }, 60_000);

  it('does not wait for what hangs when it is asked again', async () => {
    await install('() => new Promise(() => {})');
    const { said, exit } = await started();
    await said('Quiet is open');
    child?.kill('SIGINT');
    await said('Stopping');

    await expect
      .poll(() => child?.kill('SIGINT') && child.exitCode, { timeout: 5_000, interval: 200 })
      .not.toBeNull();

    expect(await exit).toEqual([1, null]);
  }, 60_000);
});
