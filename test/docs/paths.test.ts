import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const papers = [
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...['docs/operating.md', 'docs/errors.md', 'docs/glossary.md'],
  'docs/decisions/0001-an-engine-of-our-own.md',
  'docs/decisions/0002-run-time-dependencies.md',
];

/** Files that only an operator, an install or a build makes. */
const made = [/^config\.yaml$/, /\.local\.yaml$/, /^(dist|node_modules)\//, /^homeserver\.yaml$/];

/** Files at the top that are named without a folder. */
const isTopFile = (text: string) => /^[\w.-]+\.(md|ya?ml|cjs|json|ts)$/.test(text);
const isPath = (text: string) =>
  /^(src|bridges|test|docs|bench)\/[\w./-]*$/.test(text) || isTopFile(text);

/** What a paper names: `in ticks`, as seen from the top; [in links](…), as seen from the paper. */
function named(paper: string): readonly string[] {
  const text = readFileSync(paper, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const ticked = [...text.matchAll(/`([^`\s]+)`/g)].map(([, name]) => name ?? '').filter(isPath);
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, name]) =>
    join(dirname(paper), name ?? ''),
  );
  return [...ticked, ...linked].filter((name) => !made.some((pattern) => pattern.test(name)));
}

describe.each(papers)('%s', (paper) => {
  it('names no path that is not there', () => {
    expect(named(paper).filter((path) => !existsSync(path))).toEqual([]);
  });
});

describe('the papers', () => {
  it('name the files that a newcomer is to read', () => {
    expect(named('README.md').filter((path) => path.startsWith('src/')).length).toBeGreaterThan(9);
  });

  it('begin with the two commands that a newcomer types', () => {
    const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)];

    expect(blocks.slice(0, 2).map(([, text]) => text)).toEqual([
      'npm ci && npm start\n',
      'npm test\n',
    ]);
  });

  it('name only scripts that the package has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const called = /npm (?:run ([a-z][a-z:-]*[a-z])|(test|start)\b)/g;
    const names = papers.flatMap((paper) =>
      [...readFileSync(paper, 'utf8').matchAll(called)].map(([, run, own]) => run ?? own ?? ''),
    );

    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
