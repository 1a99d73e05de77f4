/**
 * Makes `dist/`: `npm run build`. The compiler writes the types; what runs is bundled, as a program that has to find and
 * read a thousand files takes twice as long to be there (docs/decisions/0006-a-bundle.md). Whatever is imported or started
 * from outside is an entry of its own, and shares with the others what both need.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const entries = [
  ...['bridges/main.ts', 'src/cli/main.ts'],
  ...['src/index.ts', 'src/adapter/index.ts', 'src/testing/index.ts'],
  ...['src/testing/dev-homeserver/main.ts', 'src/testing/loopback-network/main.ts'],
  ...['gia/index.ts', 'gia/schemas/index.ts', 'gatekeeper/main.ts'],
  'gatekeeper/client/main.ts',
];

/** Found beside `dist/` where they are needed: one has a binary, and the others few need. */
const external = ['better-sqlite3', 'pg', 'prom-client', 'vitest'];

/** Packages of the older kind ask for each other, and for what Node has, by `require`. */
const banner = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url);`;

async function bundle() {
  const { metafile } = await build({
    entryPoints: entries.filter((entry) => existsSync(entry)),
    outdir: 'dist',
    outbase: '.',
    chunkNames: 'shared/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['source'],
    external,
    banner: { js: banner },
    metafile: true,
    logLevel: 'warning',
  });
  await Promise.all([keepOnly(Object.keys(metafile.outputs)), writeLicences(metafile)]);
}

/** What an earlier build has left behind would be published. */
async function keepOnly(files) {
  const now = new Set(files);
  const all = await readdir('dist', { recursive: true });
  const old = all.map((name) => join('dist', name)).filter((name) => name.endsWith('.js'));
  await Promise.all(old.filter((name) => !now.has(name)).map((name) => rm(name)));
}

/** The words that the authors of what is in the bundle want to go with it. */
async function writeLicences({ inputs }) {
  const packages = new Set(Object.keys(inputs).flatMap((file) => packageOf(file) ?? []));
  const texts = await Promise.all([...packages].sort().map(licenceIn));
  await writeFile('dist/THIRD-PARTY-LICENCES.txt', texts.join('\n\n'));
}

const packageOf = (file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

async function licenceIn(folder) {
  const { name, version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

function declare() {
  const types = spawn(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'],
    {
      stdio: 'inherit',
    },
  );
  return new Promise((done) => types.on('close', done));
}

const [code] = await Promise.all([declare(), bundle()]);
process.exitCode = code;
