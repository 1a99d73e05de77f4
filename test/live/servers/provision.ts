import { join } from 'node:path';
import { libraryPath, missingLibraries, unpackDebian } from './debian.ts';
import { run } from './run.ts';
import { installSynapse } from './synapse.ts';

export { libraryPath } from './debian.ts';

/** A real server, browser or tool that a test runs. */
export type PartName =
  | 'synapse'
  | 'inspircd'
  | 'ngircd'
  | 'atheme-services'
  | 'chromium-headless-shell'
  | 'postgresql'
  | 'weechat'
  | 'strace';

/** Where a part lies, or why it is not to be had on this machine. */
export type Part = { readonly root: string } | { readonly missing: string };

const installers: { readonly [name in PartName]: () => Promise<string> } = {
  synapse: installSynapse,
  inspircd: () => debianProgram('inspircd', 'usr/sbin/inspircd'),
  ngircd: () => debianProgram('ngircd', 'usr/sbin/ngircd'),
  'atheme-services': () => debianProgram('atheme-services', 'usr/bin/atheme-services'),
  'chromium-headless-shell': () =>
    debianProgram('chromium-headless-shell', 'usr/lib/chromium/chromium-headless-shell'),
  postgresql: () => debianProgram('postgresql-15', POSTGRES),
  weechat: async () => {
    const root = await unpackDebian('weechat', ['weechat-headless', 'weechat-plugins']);
    await checkLibraries('weechat', root, 'usr/bin/weechat-headless');
    return root;
  },
  strace: tracer,
};

/** Debian 12 has this one; where there is another, the part is missing. */
const POSTGRES = 'usr/lib/postgresql/15/bin/postgres';

const provided = new Map<PartName, Promise<Part>>();

/**
 * Fetches a part into `.cache/` if it is not there, without root and without touching the system.
 *
 * Any number of processes may ask at once. Never rejects: what went wrong is the `missing`.
 */
export function provide(name: PartName): Promise<Part> {
  const known = provided.get(name) ?? attempt(name);
  provided.set(name, known);
  return known;
}

async function attempt(name: PartName): Promise<Part> {
  try {
    return { root: await installers[name]() };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

async function debianProgram(name: string, program: string): Promise<string> {
  const root = await unpackDebian(name, [name]);
  await checkLibraries(name, root, program);
  return root;
}

async function checkLibraries(name: string, root: string, program: string): Promise<void> {
  const missing = await missingLibraries(root, program);
  if (missing.length > 0) throw new Error(`${name} lacks ${missing.join(', ')}`);
}

/** Where the kernel lets nobody look at another process, it is of no use. */
async function tracer(): Promise<string> {
  const root = await debianProgram('strace', 'usr/bin/strace');
  const env = { LD_LIBRARY_PATH: await libraryPath(root) };
  await run(join(root, 'usr/bin/strace'), ['-o', '/dev/null', 'true'], { env });
  return root;
}
