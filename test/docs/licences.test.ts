import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly dev?: boolean;
}

interface Stated {
  readonly license?: unknown;
  readonly licenses?: unknown;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
const locked = Object.entries(
  (read('package-lock.json') as { packages: Record<string, Locked> }).packages,
).filter(([path]) => path !== '');

/** With what each package itself says. Tools of other platforms are in the lock and not installed. */
const withStated = (paths: readonly string[]) =>
  paths.map((path) => ({ path, stated: read(`${path}/package.json`) as Stated }));
const carried = withStated(locked.flatMap(([path, { dev }]) => (dev ? [] : [path])));
const tools = withStated(
  locked.flatMap(([path, { dev }]) => (dev && existsSync(`${path}/package.json`) ? [path] : [])),
);

/** Each asks for no more than that its words are kept. */
const permissive = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
  ...['BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'WTFPL', 'Python-2.0', 'Zlib'],
]);

const licenceOf = ({ license, licenses }: Stated) => JSON.stringify(license ?? licenses ?? 'none');

/** An expression such as `(MIT OR Apache-2.0)`: one of its alternatives is permissive as a whole. */
function isPermissive({ license }: Stated): boolean {
  if (typeof license !== 'string') return false;
  const alternatives = license.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((word) => permissive.has(word)));
}

const refused = (packages: typeof carried, isFine: (stated: Stated) => boolean) =>
  packages
    .filter(({ stated }) => !isFine(stated))
    .map(({ path, stated }) => `${path}: ${licenceOf(stated)}`);

describe('the packages that an installed bridge carries', () => {
  it('have permissive licences, each by its own words', () => {
    expect(carried.length).toBeGreaterThan(20);
    expect(refused(carried, isPermissive)).toEqual([]);
  });

  it('have all their peers among them, so that none comes unseen', () => {
    const paths = new Set(carried.map(({ path }) => path));
    const unseen = carried.flatMap(({ path, stated }) =>
      Object.keys(stated.peerDependencies ?? {})
        .filter((peer) => !stated.peerDependenciesMeta?.[peer]?.optional)
        .filter((peer) => !paths.has(`node_modules/${peer}`))
        .map((peer) => `${path} wants ${peer}`),
    );
    expect(unseen).toEqual([]);
  });

  it('have a line of their own in the decision about them', () => {
    const page = readFileSync('docs/decisions/0002-run-time-dependencies.md', 'utf8');
    const { dependencies } = read('package.json');

    expect(Object.keys(dependencies).filter((name) => !page.includes(`| ${name} `))).toEqual([]);
  });
});

describe('the tools', () => {
  it('are free of GPL and AGPL, and each states a licence', () => {
    expect(tools.length).toBeGreaterThan(100);
    expect(refused(tools, (stated) => !/GPL|none/i.test(licenceOf(stated)))).toEqual([]);
  });
});
