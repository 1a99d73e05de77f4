import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

describe('drawbridge config init', () => {
  it('writes a config with the chosen network that passes the check', async () => {
    const folder = await folderWith();

    const written = await run(folder, ['config', 'init', '--adapter', 'chat']);
    const checked = await run(folder, ['config', 'check']);

    expect(written.code).toBe(0);
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toContain('adapter: chat');
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining('chat (chat: ') });
  });

  it('never overwrites one that is there', async () => {
    const folder = await folderWith({ 'config.yaml': 'mine' });

    const { code, err } = await run(folder, ['config', 'init', '--adapter', 'chat']);

    expect(code).toBe(2);
    expect(err).toContain('is there already');
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toBe('mine');
  });

  it('asks which network, naming those there are', async () => {
    const { code, err } = await run(await folderWith(), ['config', 'init']);

    expect(code).toBe(2);
    expect(err).toContain('--adapter (those that come along: chat)');
  });

  it('names the adapter that was most likely meant', async () => {
    const { code, err } = await run(await folderWith(), ['config', 'init', '--adapter', 'caht']);

    expect(code).toBe(2);
    expect(err).toContain('did you mean chat?');
  });
});

describe('drawbridge config check', () => {
  it('tells every mistake, a line each, and ends with 2', async () => {
    const folder = await folderWith({
      'config.yaml': smallest.replace('bridge:\n', 'bridge:\n  perfix: a\n  maxAgeMs: soon\n'),
    });

    const { code, err } = await run(folder, ['config', 'check']);

    expect(code).toBe(2);
    expect(err.split('\n')).toHaveLength(2);
    expect(err).toContain('did you mean prefix?');
  });

  it('names the command that writes a config when there is none', async () => {
    const { code, err } = await run(await folderWith(), ['config', 'check']);

    expect(code).toBe(2);
    expect(err).toContain('`drawbridge config init` writes one');
  });
});
