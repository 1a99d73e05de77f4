import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The rows of the tables of a page, and the tests that they name: `path` “title”, “another of that file”. */
function read(page: string) {
  const text = readFileSync(page, 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:case|what) /.test(line));
  const named = [...text.matchAll(/`([^`]+\.ts)`((?:,? “[^”]+”)+)/g)].flatMap(
    ([, path = '', titles = '']) =>
      [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ path, title })),
  );
  return { rows, named };
}

const isThere = ({ path, title }: { readonly path: string; readonly title: string }) =>
  existsSync(path) && readFileSync(path, 'utf8').includes(title);

describe.each([
  { page: 'docs/edge-cases.md', least: 60, open: /\.ts`| not yet[:| ]/ },
  { page: 'docs/irc-parity.md', least: 80, open: /\.ts`|`drawbridge |\bnot yet\b| later: / },
])('$page', ({ page, least, open }) => {
  const { rows, named } = read(page);

  it('names a test for each row, or says that there is none', () => {
    expect(rows.length).toBeGreaterThan(least);
    expect(rows.filter((row) => !open.test(row))).toEqual([]);
  });

  it('names only tests that there are', () => {
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((test) => !isThere(test))).toEqual([]);
  });
});

describe('docs/irc-parity.md', () => {
  it('puts off no more than ten rows', () => {
    const { rows } = read('docs/irc-parity.md');
    expect(rows.filter((row) => row.includes('| later: ')).length).toBeLessThanOrEqual(10);
  });
});
