import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { folderWith } from '../config/fixture.ts';
import { run } from './fixture.ts';

describe('runCli', () => {
  it('lists every command and the exit codes', async () => {
    const { code, out } = await run('.', ['--help']);

    expect(code).toBe(0);
    for (const { name } of commands) expect(out).toContain(name.split(' ')[0]);
    expect(out).toContain('0 done, 1 it failed, 2 it was called or configured wrongly');
  });

  it('names the command that was most likely meant', async () => {
    const { code, err } = await run('.', ['registratoin']);

    expect(code).toBe(2);
    expect(err).toMatch(/unknown command 'registratoin'[\s\S]*registration/);
  });

  it('ends with 2 on a flag that does not exist, without a stack', async () => {
    const { code, err } = await run('.', ['version', '--nonsense']);

    expect(code).toBe(2);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('ends with 1 and one line when something unexpected breaks, and shows the stack when asked', async () => {
    const folder = await folderWith();
    const broken = ['config', 'init', '--adapter', 'chat', '--config', 'no/such/folder.yaml'];

    const short = await run(folder, broken);
    const long = await run(folder, [...broken, '--verbose']);

    expect(short.code).toBe(1);
    expect(short.err).toMatch(/^drawbridge: .*ENOENT.*$/);
    expect(long.err).toMatch(/\n\s+at /);
  });

  it('prints the version that the manifest says', async () => {
    expect((await run('.', ['version'])).out).toMatch(/^drawbridge \d+\.\d+\.\d+ \(node \d+/);
  });
});
