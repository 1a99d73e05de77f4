// Run after `npm install` where the registry does not have every platform's packages: npm leaves
// those that it could not look up out of package-lock.json, and `npm ci` then refuses the file.
// Adds them, so that the lock file is whole on every machine.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'win32',
];
const processors = ['arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const lock = JSON.parse(readFileSync(file, 'utf8'));
const there = new Set(Object.keys(lock.packages).map((path) => path.split('node_modules/').at(-1)));

/** What a package of one platform says of itself, read from its name. */
function platformOf(name) {
  const os = systems.filter((system) => name.includes(system));
  const cpu = processors.filter((processor) => name.includes(processor));
  if (cpu.length === 0 && name.includes('arm')) cpu.push('arm');
  const libc = ['musl', 'gnu'].filter((word) => os.includes('linux') && name.includes(word));
  return {
    ...(cpu.length > 0 && { cpu }),
    ...(os.length > 0 && { os }),
    ...(libc.length > 0 && { libc: [libc[0] === 'musl' ? 'musl' : 'glibc'] }),
  };
}

const added = {};
for (const parent of Object.values(lock.packages))
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const platform = platformOf(name.split('/').at(-1));
    if (there.has(name) || Object.keys(platform).length === 0) continue;
    added[`node_modules/${name}`] = {
      version,
      ...platform,
      ...(parent.dev && { dev: true }),
      optional: true,
    };
  }

const { '': root, ...others } = lock.packages;
const sorted = Object.entries({ ...others, ...added }).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = { '': root, ...Object.fromEntries(sorted) };
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(added).length} packages of other platforms added\n`);
