import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExitCode, Input } from '../../../src/cli/command.ts';
import { type CreateBridge, runCommand } from '../../../src/cli/run.ts';
import { StorageError } from '../../../src/ports/storage-error.ts';
import { folderWith, registry, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

async function folderReady(change = (text: string) => text) {
  const folder = await folderWith({ 'config.yaml': smallest });
  const { out } = await run(folder, ['registration']);
  await writeFile(join(folder, 'registration.local.yaml'), change(out));
  return folder;
}

/** Runs the command on a bridge that only tells what is done to it. */
function running(
  folder: string,
  start: () => Promise<void> = async () => {},
  broken: Promise<never> = new Promise(() => {}),
  drained: Promise<void> = new Promise(() => {}),
) {
  const steps: string[] = [];
  const lines: string[] = [];
  let ask = () => {};
  let reload = () => {};
  let options: Parameters<CreateBridge>[0] | undefined;
  const command = runCommand(async (given) => {
    options = given;
    return {
      port: 1234,
      broken,
      drained,
      reload: async () => void steps.push('read again'),
      async start() {
        await start();
        steps.push('started');
      },
      async stop() {
        steps.push('stopped');
      },
    };
  });
  const say = (line: string) => void lines.push(line);
  const context = {
    adapters: registry,
    executable: 'none',
    io: {
      out: say,
      err: say,
      env: {},
      cwd: folder,
      onReload(listener: () => void) {
        reload = listener;
        return () => {};
      },
      onStop(listener: () => void) {
        ask = listener;
        return () => void steps.push('forgot the signals');
      },
    },
  };
  const input: Input = { args: [], options: { config: 'config.yaml' } };
  const ended: Promise<ExitCode> = command.run(context, input);
  return { ended, steps, lines, ask: () => ask(), reload: () => reload(), options: () => options };
}

describe('drawbridge run', () => {
  it('bridges until it is asked to stop, ends what is under way and then with 0', async () => {
    const bridge = running(await folderReady());
    await expect.poll(() => bridge.steps).toEqual(['started']);

    bridge.ask();

    expect(await bridge.ended).toBe(0);
    expect(bridge.steps).toEqual(['started', 'stopped', 'forgot the signals']);
    expect(bridge.lines.join('\n')).toMatch(/The bridge is running port=1234 networks=\["chat"\]/);
  });

  it('ends with 0 once an operator had it drained', async () => {
    let drain = () => {};
    const drained = new Promise<void>((resolve) => (drain = resolve));
    const bridge = running(await folderReady(), undefined, undefined, drained);
    await expect.poll(() => bridge.steps).toEqual(['started']);

    drain();

    expect(await bridge.ended).toBe(0);
    expect(bridge.steps).toEqual(['started', 'stopped', 'forgot the signals']);
  });

  it('has the bridge read its config again when it is asked to, and its log heeds it', async () => {
    const folder = await folderReady();
    const bridge = running(folder);
    await expect.poll(() => bridge.steps).toEqual(['started']);
    bridge.reload();
    expect(bridge.steps).toEqual(['started', 'read again']);

    const { settings, log } = bridge.options() ?? {};
    log?.('debug', 'too small');
    await writeFile(join(folder, 'config.yaml'), `${smallest}log: { level: debug }\n`);
    const next = await settings?.read();
    if (next) settings?.applied(next);
    log?.('debug', 'large enough');
    expect(bridge.lines.filter((line) => line.includes('too small'))).toEqual([]);
    expect(bridge.lines.filter((line) => line.includes('large enough'))).toHaveLength(1);
    bridge.ask();
    await bridge.ended;
  });

  it('lets go of everything when the start fails', async () => {
    const bridge = running(await folderReady(), () => Promise.reject(new Error('port taken')));

    await expect(bridge.ended).rejects.toThrow('port taken');
    expect(bridge.steps).toEqual(['stopped', 'forgot the signals']);
  });

  it('ends when it cannot go on', async () => {
    const damaged = Promise.reject(new StorageError('damaged', { kind: 'damaged' }));
    damaged.catch(() => {});
    const bridge = running(await folderReady(), undefined, damaged);

    await expect(bridge.ended).rejects.toThrow('damaged');
    expect(bridge.steps).toContain('stopped');
  });

  it('ends with 2 and says what to do when the database is none', async () => {
    const folder = await folderReady();
    await mkdir(join(folder, 'data'));
    await writeFile(
      join(folder, 'data', 'storage.key'),
      `${Buffer.alloc(32).toString('base64')}\n`,
    );
    await writeFile(join(folder, 'data', 'drawbridge.db'), 'my shopping list '.repeat(300));

    const { code, err } = await run(folder, ['run']);

    expect(code).toBe(2);
    expect(err).toMatch(/^drawbridge: .*drawbridge\.db: it is no SQLite database: .* backup\.$/);
  });

  it('does not wait for its start when it is asked in the middle of it', async () => {
    const bridge = running(await folderReady(), () => new Promise(() => {}));
    await expect.poll(() => bridge.options()).toBeDefined();

    bridge.ask();

    expect(await bridge.ended).toBe(0);
    expect(bridge.steps).toEqual(['stopped', 'forgot the signals']);
  });

  it('keeps the tokens out of its log', async () => {
    const bridge = running(await folderReady());
    await expect.poll(() => bridge.steps).toEqual(['started']);
    const { registration, log } = bridge.options() ?? {};

    log?.('warn', `Refused: ${registration?.asToken}`, { answer: registration?.hsToken });
    bridge.ask();
    await bridge.ended;

    expect(bridge.lines.join('\n')).toContain('Refused: [secret] answer=[secret]');
  });

  it('names the command that writes a config when there is none', async () => {
    expect(await run(await folderWith(), ['run'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('`drawbridge config init` writes one'),
    });
  });

  it('names the command that prints a registration when there is none', async () => {
    const folder = await folderWith({ 'config.yaml': smallest });

    expect(await run(folder, ['run'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /there is no registration .* drawbridge registration --config .* > /,
      ),
    });
  });

  it('refuses placeholder tokens and names the command that prints real ones', async () => {
    const folder = await folderWith({ 'config.yaml': smallest });
    const { out } = await run(folder, ['registration', '--placeholder']);
    await writeFile(join(folder, 'registration.local.yaml'), out);

    expect(await run(folder, ['run'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/placeholders: print real ones with "drawbridge registration/),
    });
  });

  it('refuses a registration that does not fit the config', async () => {
    const folder = await folderReady((text) => text.replaceAll('example\\.org', 'other\\.org'));

    expect(await run(folder, ['run'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('no exclusive namespace matches @drawbridge_bot:example.org'),
    });
  });

  it('refuses a registration that is no YAML, without showing its tokens', async () => {
    const folder = await folderReady((text) => text.replace(/as_token: (.*)/, 'as_token: "$1'));

    const { code, err } = await run(folder, ['run']);

    expect(code).toBe(2);
    expect(err).toMatch(/registration\.local\.yaml/);
    expect(err).not.toMatch(/[\w-]{43}/);
  });
});
