/**
 * Runs the tests on other versions of Node: `npm run test:nodes`, or `npm run test:nodes -- 24 --live`,
 * or of some files only: `npm run test:nodes -- 22 test/src/store`.
 *
 * Each version comes from npm and runs a copy of the tree of its own in `.cache/`. There version 13 of
 * better-sqlite3 stands in, which brings its binaries along; 12 must stay, as it is the last for Node 20.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import process from 'node:process';

const given = process.argv.slice(2);
const versions = given.filter((each) => /^\d+$/.test(each));
const isLive = given.includes('--live');
const only = given.filter((each) => !versions.includes(each) && each !== '--live');
const sqlite = 'better-sqlite3@13';
const home = resolve('.cache/nodes');

const say = (text) => process.stdout.write(`${text}\n`);

/** @returns what it printed, if it was to be kept. @throws when it ends with anything but 0. */
function run(command, args, { cwd, env, keep = false } = {}) {
  const stdio = ['ignore', keep ? 'pipe' : 'inherit', 'inherit'];
  const child = spawn(command, args, { cwd, stdio, env: { ...process.env, ...env } });
  let printed = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code === 0) done(printed);
      else fail(new Error(`${command} ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** What a package of npm has in it, fetched once. */
async function unpacked(name, into) {
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', home, name], {
    keep: true,
  });
  const file = join(home, packed.trim());
  await run('tar', ['-xzf', file, '-C', into, '--strip-components=1']);
  await rm(file);
}

async function fetched(name, into, proof) {
  const there = await readdir(dirname(join(into, proof))).catch(() => []);
  if (there.length === 0) await unpacked(name, into);
  return into;
}

/** The tree as Git would take it, and the libraries as links, one by one, so that one can be another. */
async function copyTree(tree, sqliteDir) {
  await rm(tree, { recursive: true, force: true });
  const listed = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], { keep: true });
  for (const name of listed.split('\0').filter((each) => each !== ''))
    await cp(name, join(tree, name)).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
    });
  await mkdir(join(tree, 'node_modules'));
  for (const name of await readdir('node_modules'))
    if (name !== 'better-sqlite3')
      await symlink(resolve('node_modules', name), join(tree, 'node_modules', name));
  await cp(sqliteDir, join(tree, 'node_modules/better-sqlite3'), { recursive: true });
  // Real servers are the same for every Node, and large.
  await symlink(resolve('.cache'), join(tree, '.cache'));
}

async function test(version) {
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const node = await fetched(name, join(home, version), 'bin/node');
  const driver = await fetched(sqlite, join(home, sqlite), 'lib/index.js');
  const tree = join(home, `tree-${version}`);
  await copyTree(tree, driver);
  const env = { PATH: [join(node, 'bin'), process.env.PATH].join(delimiter) };
  const is = (await run('node', ['--version'], { env, keep: true })).trim();
  say(`\n=== Node ${is}`);
  const vitest = (...args) =>
    run('node', ['node_modules/vitest/vitest.mjs', 'run', '--reporter=dot', ...args, ...only], {
      cwd: tree,
      env,
    });
  const some = only.length > 0 ? ['--passWithNoTests'] : [];
  await vitest('--project', 'fast', '--no-isolate', ...some);
  await vitest('--project', 'slow', ...(isLive ? ['--project', 'live'] : []), ...some);
  return is;
}

await mkdir(home, { recursive: true });
const reports = [];
for (const version of versions.length > 0 ? versions : ['22', '24']) {
  const began = performance.now();
  const outcome = await test(version).then(
    (is) => `Node ${is}: passed`,
    (error) => {
      process.exitCode = 1;
      return `Node ${version}: FAILED, ${error.message}`;
    },
  );
  reports.push(`${outcome} (${Math.round((performance.now() - began) / 1000)} s)`);
}
say(`\n${reports.join('\n')}`);
