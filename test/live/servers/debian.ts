import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDir, locked, made } from './cache.ts';
import { run } from './run.ts';

const aptDir = join(cacheDir, 'apt');
const aptConf = join(aptDir, 'apt.conf');

/**
 * Unpacks Debian packages, and what they need that this machine has not, below `.cache/debian/name`.
 *
 * Nothing is installed: apt works on lists of its own and no script of a package runs, so it needs no
 * root. Gives the root that the packages' paths are below.
 */
export function unpackDebian(name: string, packages: readonly string[]): Promise<string> {
  return made(`debian/${name}`, packages.join(' '), async (dir) => {
    const temporary = `${dir}.part`;
    await rm(temporary, { recursive: true, force: true });
    await mkdir(join(temporary, 'debs'), { recursive: true });
    await locked('apt', () => download(packages, join(temporary, 'debs')));
    for (const file of await readdir(join(temporary, 'debs'))) {
      await run('dpkg', ['-x', join(temporary, 'debs', file), join(temporary, 'root')]);
    }
    await rename(join(temporary, 'root'), dir);
    await rm(temporary, { recursive: true });
  });
}

/** Where a program below `root` finds its libraries: the value of `LD_LIBRARY_PATH`. */
export async function libraryPath(root: string): Promise<string> {
  // None of its own: all that it needs is on this machine.
  const filesOf = (dir: string) =>
    readdir(join(root, dir), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = [...(await filesOf('usr/lib')), ...(await filesOf('lib'))];
  const libraries = files.filter((file) => /^lib.*\.so(\.|$)/.test(file.name));
  return [...new Set(libraries.map((file) => file.parentPath))].sort().join(':');
}

/** The libraries that `program` would not find. */
export async function missingLibraries(root: string, program: string): Promise<string[]> {
  const env = { LD_LIBRARY_PATH: await libraryPath(root) };
  const printed = await run('ldd', [join(root, program)], { env });
  return [...printed.matchAll(/^\s*(\S+) => not found/gm)].map(([, library]) => library ?? '');
}

/** Lists that were fetched long ago may name files that are gone: then they are fetched anew, once. */
async function download(packages: readonly string[], into: string): Promise<void> {
  await prepareApt();
  try {
    await fetchPackages(packages, into);
  } catch {
    const update = await run('apt-get', ['-c', aptConf, 'update']).catch((error: Error) => error);
    await fetchPackages(packages, into).catch((error: Error) => {
      throw update instanceof Error ? new Error(`${update.message}\n${error.message}`) : error;
    });
  }
}

async function fetchPackages(packages: readonly string[], into: string): Promise<void> {
  const plan = await run('apt-get', [
    ...['-c', aptConf, '--no-install-recommends', '-qq', '-s', 'install'],
    ...packages,
  ]);
  const wanted = [...plan.matchAll(/^Inst (\S+)(?: \[[^\]]*\])? \((\S+)/gm)]
    .filter(([, name]) => !name?.endsWith('-dev'))
    .map(([, name, version]) => `${name}=${version}`);
  const present = packages.filter((name) => !wanted.some((each) => each.startsWith(`${name}=`)));
  await run('apt-get', ['-c', aptConf, '-qq', 'download', ...wanted, ...present], { cwd: into });
}

/** The system's own sources and keys, but state and cache of ours, and no hooks of the system's. */
async function prepareApt(): Promise<void> {
  for (const dir of ['state/lists/partial', 'cache/archives/partial']) {
    await mkdir(join(aptDir, dir), { recursive: true });
  }
  const lines = [
    `Dir::State "${aptDir}/state";`,
    `Dir::State::Lists "${aptDir}/state/lists";`,
    'Dir::State::status "/var/lib/dpkg/status";',
    `Dir::Cache "${aptDir}/cache";`,
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : []),
    'Acquire::Retries "2";',
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
  ];
  await writeFile(aptConf, `${lines.join('\n')}\n`);
}
