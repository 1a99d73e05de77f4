import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const folder = 'bobchat';
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(py|md)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const modules = files.filter(({ name }) => name.endsWith('.py'));

/** Of Python itself. */
const standard = new Set([
  ...[
    '__future__',
    'argparse',
    'base64',
    'contextlib',
    'dataclasses',
    'fcntl',
    'hashlib',
    'http',
    'json',
  ],
  ...['mimetypes', 'os', 'pathlib', 'random', 're', 'secrets', 'sqlite3', 'ssl', 'struct', 'sys'],
  ...['tempfile', 'threading', 'time', 'traceback', 'typing', 'unittest', 'urllib'],
]);

/** What the README says that is needed. */
const named = (readme: string) =>
  [
    ...(/^\*\*Needs\*\* [\s\S]*?\n\n/m.exec(readme)?.[0] ?? '').matchAll(/packages?: `([\w-]+)`/g),
  ].map(([, name = '']) => name);

/** The packages that a module imports. Its own are `.` and `bobchat`. */
const importedBy = (text: string) =>
  [...text.matchAll(/^\s*(?:import|from)\s+([\w.]+)/gm)].map(
    ([, path = '']) => path.split('.')[0] ?? '',
  );

/** Paths of this repository that a text leads to. */
const pathsIn = (text: string) =>
  [
    ...text.matchAll(
      /(?<![\w/.-])(?:\.\.\/)*((?:src|bridges|gia|gatekeeper|test|docs|bench|scripts|dist)\/[\w./-]*)/g,
    ),
  ]
    .map(([, path = '']) => path)
    .filter((path) => !/^docs\/gia(\/|\.|$)/.test(path));

describe('BobChat', () => {
  it('imports nothing but Python, itself and what its README names', () => {
    const allowed = new Set([
      '',
      folder,
      ...standard,
      ...named(readFileSync(`${folder}/README.md`, 'utf8')),
    ]);
    const others = modules.flatMap(({ name, text }) =>
      importedBy(text)
        .filter((it) => !allowed.has(it))
        .map((it) => `${name}: ${it}`),
    );

    expect(modules.length).toBeGreaterThan(10);
    expect(others).toEqual([]);
    expect(modules.filter(({ text }) => /__import__|import_module|subprocess/.test(text))).toEqual(
      [],
    );
  });

  it('leads nowhere in this repository but to the papers that it was written from', () => {
    expect(files.flatMap(({ name, text }) => pathsIn(text).map((it) => `${name}: ${it}`))).toEqual(
      [],
    );
  });

  it('is looked through with eyes that see an import and a path', () => {
    expect(importedBy('import gia.x\n  from bridges import y\nfrom . import z')).toEqual([
      'gia',
      'bridges',
      '',
    ]);
    expect(named('**Needs** one package: `it`,\nnew.\n\nThe package: `no`')).toEqual(['it']);
    expect(pathsIn('see ../gia/index.ts, docs/gia/README.md, docs/errors.md and /gia/v1')).toEqual([
      'gia/index.ts',
      'docs/errors.md',
    ]);
  });
});
