import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Locked {
  readonly packages: Readonly<
    Record<
      string,
      { readonly dev?: boolean; readonly optional?: boolean; readonly version?: string }
    >
  >;
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

/** What an installed bridge carries, with the licence that each package itself states. */
function carried(): readonly { readonly name: string; readonly licence: string }[] {
  const { packages } = read('package-lock.json') as Locked;
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path]) => {
      const { license, licenses } = read(`${path}/package.json`);
      return { name: path, licence: JSON.stringify(license ?? licenses ?? 'none') };
    });
}

describe('the packages that an installed bridge carries', () => {
  it('are free of GPL and AGPL, and each states a licence', () => {
    const packages = carried();

    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter(({ licence }) => /GPL|none/i.test(licence))).toEqual([]);
  });

  it('have a line of their own in the decision about them', () => {
    const page = readFileSync('docs/decisions/0002-run-time-dependencies.md', 'utf8');
    const { dependencies } = read('package.json');

    expect(Object.keys(dependencies).filter((name) => !page.includes(`| ${name} `))).toEqual([]);
  });
});
