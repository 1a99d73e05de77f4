import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('docs/edge-cases.md', 'utf8');
const rows = page
  .split('\n')
  .filter(
    (line) => line.startsWith('| ') && !line.startsWith('| case ') && !line.startsWith('| what '),
  );

/** As `path` “title”. */
const named = [...page.matchAll(/`([^`]+\.ts)` “([^”]+)”/g)].map(([, path = '', title = '']) => ({
  path,
  title,
}));

describe('docs/edge-cases.md', () => {
  it('names a test for each case, or says that there is none', () => {
    const bare = rows.filter((row) => !/\.ts`| not yet[:| ]/.test(row));
    expect(rows.length).toBeGreaterThan(60);
    expect(bare).toEqual([]);
  });

  it('names only tests that there are', () => {
    const missing = named.filter(
      ({ path, title }) => !existsSync(path) || !readFileSync(path, 'utf8').includes(title),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(missing).toEqual([]);
  });
});
