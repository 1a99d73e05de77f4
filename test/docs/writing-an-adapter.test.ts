import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const page = await readFile('docs/writing-an-adapter.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w+) (\S+)\n(.*?)^```$/gms)].map(
  ([, language = '', path = '', code = '']) => ({ language, path, code }),
);
const excerpts = blocks.filter(({ language }) => language === 'ts');

describe('docs/writing-an-adapter.md', () => {
  it('names a file for each block of code', () => {
    const fences = page.match(/^```\w+/gm) ?? [];
    expect(fences.length).toBe(blocks.length);
    expect(excerpts.length).toBeGreaterThan(10);
  });

  it.each(excerpts)('shows $path as it is', async ({ path, code }) => {
    expect(await readFile(path, 'utf8')).toContain(code);
  });

  it('leaves out no file of the adapter', async () => {
    const shown = excerpts.map(({ path }) => path);
    const names = (await readdir('bridges/loopback')).filter((name) => name.endsWith('.ts'));
    const files = names.map((name) => `bridges/loopback/${name}`);
    expect(files.filter((file) => !shown.includes(file))).toEqual([]);
  });

  it('names the package, its entries and their peers as they are', async () => {
    const { name, version, exports, dependencies, devDependencies } = JSON.parse(
      await readFile('package.json', 'utf8'),
    );
    const { code } = blocks.find(({ path }) => path === 'package.json') ?? { code: '{}' };
    const { peerDependencies, devDependencies: tools } = JSON.parse(code);
    expect(Object.keys(peerDependencies)).toEqual([name, 'zod']);
    expect(peerDependencies[name]).toBe(`^${version}`);
    const major = (range: string) => /\d+/.exec(range)?.[0];
    expect(major(peerDependencies.zod)).toBe(major(dependencies.zod));
    for (const tool of Object.keys(tools))
      expect(major(tools[tool])).toBe(major(devDependencies[tool]));
    for (const [, entry] of page.matchAll(/`matrix-drawbridge(\/\w+)`/g))
      expect(Object.keys(exports)).toContain(`.${entry}`);
  });
});
