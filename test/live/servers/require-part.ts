import { describe, it } from 'vitest';
import { type PartName, provide } from './provision.ts';

/** Tests that need a part. Skipped, with the reason in their title, where it is not to be had. */
export interface PartTests {
  /** Where the part lies. Throws when it is missing: ask it only inside `describe`. */
  readonly root: string;
  describe(title: string, tests: () => void): void;
}

/**
 * Provides a part for the tests of a file: `const ngircd = await requirePart('ngircd')`, then
 * `ngircd.describe('…', () => …)`. With `CI=true` a missing part is a failed test.
 */
export async function requirePart(name: PartName): Promise<PartTests> {
  const parts = await requireParts(name);
  return {
    get root() {
      return parts.root(name);
    },
    describe: parts.describe,
  };
}

/** The same for tests that need several. */
export async function requireParts<Name extends PartName>(
  ...names: readonly Name[]
): Promise<Omit<PartTests, 'root'> & { root(name: Name): string }> {
  const roots = new Map<PartName, string>();
  const missing: string[] = [];
  for (const name of names) {
    const part = await provide(name);
    if ('root' in part) roots.set(name, part.root);
    else missing.push(`${name} is missing: ${part.missing}`);
  }
  return {
    root: (name) => {
      const root = roots.get(name);
      if (root === undefined) throw new Error(`${name} is missing`);
      return root;
    },
    describe: (title, tests) => describeIfComplete(title, missing, tests),
  };
}

const { CI } = process.env;
const isCi = CI === 'true';

/** @param missing what the tests need and this machine has not. With `CI=true` that is a failed test. */
export function describeIfComplete(
  title: string,
  missing: readonly string[],
  tests: () => void,
): void {
  if (missing.length === 0) describe(title, tests);
  else if (isCi) {
    it(`${title}: has what it needs`, () => {
      throw new Error(missing.join('\n'));
    });
  } else {
    describe.skip(`${title} (SKIPPED: ${missing.join('; ')})`, () => {
      it('needs what is missing', () => undefined);
    });
  }
}
