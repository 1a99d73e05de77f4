import { join } from 'node:path';
import { expect, it } from 'vitest';
import { libraryPath, type PartName, provide } from './provision.ts';
import { requirePart } from './require-part.ts';
import { run } from './run.ts';

const versions: readonly [PartName, string, string[], RegExp][] = [
  ['synapse', 'bin/python', ['-m', 'synapse.app.homeserver', '--help'], /synapse/i],
  ['inspircd', 'usr/sbin/inspircd', ['--version'], /InspIRCd-3/],
  ['ngircd', 'usr/sbin/ngircd', ['--version'], /ngIRCd 2/],
  ['atheme-services', 'usr/bin/atheme-services', ['-v'], /Atheme|atheme/],
  ['postgresql', 'usr/lib/postgresql/15/bin/postgres', ['--version'], /PostgreSQL\) 15/],
  ['weechat', 'usr/bin/weechat-headless', ['--version'], /^\d+\.\d+/],
  ['strace', 'usr/bin/strace', ['--version'], /strace -- version/],
  ['chromium-headless-shell', 'usr/lib/chromium/chromium-headless-shell', ['--version'], /\d+\./],
];

for (const [name, program, args, answer] of versions) {
  const part = await requirePart(name);
  part.describe(`provide ${name}`, () => {
    it('gives a program that runs', async () => {
      const env = name === 'synapse' ? {} : { LD_LIBRARY_PATH: await libraryPath(part.root) };
      expect(await run(join(part.root, program), args, { env })).toMatch(answer);
    });

    it('gives the same when asked again', async () => {
      expect(await provide(name)).toEqual({ root: part.root });
    });
  });
}
