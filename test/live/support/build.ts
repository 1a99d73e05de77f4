import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { locked } from '../servers/cache.ts';
import { projectDir } from '../servers/project-dir.ts';
import { run } from '../servers/run.ts';

const { CI } = process.env;
const isCi = CI === 'true';

/** What `dist/` is made from. */
const sources = [
  ...['src', 'bridges', 'gia', 'gatekeeper', 'scripts/build.mjs'],
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json'],
];

/** Builds `dist/` if a source is newer than it, and gives a path in it. Any number may ask at once. */
export async function built(path: string): Promise<string> {
  building ??= locked('dist', buildIfOlder);
  await building;
  return join(projectDir, 'dist', path);
}

let building: Promise<void> | undefined;

async function buildIfOlder(): Promise<void> {
  const builtAtMs = await writtenAtMs(join(projectDir, 'dist/bridges/main.js'));
  const files = await Promise.all(sources.map((source) => filesBelow(join(projectDir, source))));
  const writtenMs = await Promise.all(files.flat().map(writtenAtMs));
  if (Math.max(...writtenMs) >= builtAtMs) await build(builtAtMs > 0);
}

/** Types are judged by `npm run check`: on a developer's machine what has a wrong one runs all the same. */
async function build(isThere: boolean): Promise<void> {
  try {
    await run('npm', ['run', '--silent', 'build'], { cwd: projectDir });
  } catch (error) {
    if (isCi || !isThere) throw error;
    process.stderr.write(`\ndist/ has errors: ${(error as Error).message}\n`);
  }
}

/** 0: it is not there. */
const writtenAtMs = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

async function filesBelow(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
