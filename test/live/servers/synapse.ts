import { join } from 'node:path';
import { made } from './cache.ts';
import { unpackDebian } from './debian.ts';
import { run } from './run.ts';

/** The version that the facts about Synapse in this project were seen on. */
const version = '1.163.2';

/** Makes a Python environment with Synapse in it. Gives its folder: `bin/python` is its Python. */
export function installSynapse(): Promise<string> {
  return made('synapse', `matrix-synapse==${version}`, async (dir) => {
    await run('python3', ['-m', 'venv', '--without-pip', dir]);
    await run(
      join(dir, 'bin/python'),
      ['-m', 'pip', 'install', '--quiet', '--retries', '2', `matrix-synapse==${version}`],
      { env: { PYTHONPATH: await pipWheel(), PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
    );
  });
}

/** Debian keeps pip apart from Python, and `ensurepip` too: where it is missing, its wheel will do. */
async function pipWheel(): Promise<string> {
  const ours =
    'import ensurepip, glob, os; print(*glob.glob(os.path.join(os.path.dirname(ensurepip.__file__), "_bundled", "pip-*.whl")))';
  const bundled = await run('python3', ['-c', ours]).catch(() => '');
  if (bundled.trim() !== '') return bundled.trim();
  const root = await unpackDebian('pip', ['python3-pip-whl']);
  return run('python3', [
    '-c',
    `import glob; print(glob.glob(${JSON.stringify(`${root}/usr/share/python-wheels/pip-*.whl`)})[0], end="")`,
  ]);
}
