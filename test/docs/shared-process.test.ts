import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The fast test files share processes, and a helper is read once in each: see `vitest.config.ts`. */
const files = ['test', 'src/testing'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

const thoseWith = (pattern: RegExp, among = files) =>
  among.filter((file) => pattern.test(readFileSync(file, 'utf8')));

describe('a helper of tests', () => {
  const helpers = files.filter((file) => !file.endsWith('.test.ts'));

  it('cleans up with `onTestFinished`, as a hook of its own would be set for its first user only', () => {
    expect(helpers.length).toBeGreaterThan(20);
    expect(thoseWith(/^(before|after)(Each|All)\(/m, helpers)).toEqual([]);
  });
});

/** They are about what happens when somebody sets the machine's own clock, and set it back. */
const aboutTheMachine = ['test/flow/clock.test.ts', 'test/src/util/system-clock.test.ts'];

describe('a test', () => {
  it('turns the clock that it hands over, and never that of everybody', () => {
    const others = files.filter((file) => !aboutTheMachine.includes(file));
    expect(thoseWith(/vi\.(useFakeTimers|stubGlobal)/, others)).toEqual([]);
  });
});
