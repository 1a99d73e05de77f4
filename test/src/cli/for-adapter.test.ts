import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Adoption, BridgeError, type NetworkAdapter } from '#adapter';
import { voiceId } from '../../../src/engine/voice-choice.ts';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { chat, folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

const room = '!town:example.org';
const adoption: Adoption = {
  config: parse(smallest),
  portals: [{ network: 'chat', chat: '#town', room, origin: 'alias', ownsRoom: true }],
  people: [{ network: 'chat', userId: '@ann:example.org', state: { nick: Buffer.from('annie') } }],
};

/** An adapter with a command that takes something over. */
const bringing = (what: Adoption = adoption): NetworkAdapter => ({
  ...chat,
  operatorCommands: [
    {
      name: 'import',
      summary: 'Take over what another bridge had',
      flags: [{ flags: '--dry-run', description: 'change nothing' }],
      async run({ adopt, options, out }) {
        out((await adopt(what, { write: options['dryRun'] !== true })).join(' '));
        return 0;
      },
    },
    {
      name: 'fail',
      summary: 'Fail',
      needs: ['why'],
      run: ({ args }) =>
        Promise.reject(new BridgeError('not_allowed', `${args[0]}`, { effect: 'none' })),
    },
  ],
});

const program = (folder: string, args: readonly string[], adapter = bringing()) =>
  run(folder, args, { adapters: { chat: async () => adapter } });

const opened = (folder: string) =>
  openStorage({
    path: join(folder, 'data', 'drawbridge.db'),
    key: loadOrCreateKey(join(folder, 'data', 'storage.key')),
  });

describe('a command of an adapter', () => {
  it('is found under its name, with its flags', async () => {
    const { code, out } = await program(await folderWith(), ['chat', 'import', '--help']);

    expect(code).toBe(0);
    expect(out).toContain('--dry-run');
    expect((await program(await folderWith(), ['--help'])).out).toContain('drawbridge chat --help');
  });

  it('ends with 2 where somebody has to mend something', async () => {
    const { code, err } = await program(await folderWith(), ['chat', 'fail', 'the key is missing']);

    expect({ code, err }).toEqual({ code: 2, err: 'drawbridge: the key is missing' });
  });

  it('is unknown where there is no such adapter', async () => {
    expect(await program(await folderWith(), ['slate', 'import'])).toMatchObject({ code: 2 });
  });
});

describe('adopt', () => {
  it('writes a config that only its owner reads, and fills the database', async () => {
    const folder = await folderWith();

    const { out } = await program(folder, ['chat', 'import']);

    expect(out).toBe('new new new');
    expect(parse(await readFile(join(folder, 'config.yaml'), 'utf8'))).toEqual(adoption.config);
    expect((await stat(join(folder, 'config.yaml'))).mode & 0o777).toBe(0o600);
    const storage = await opened(folder);
    const voice = voiceId('chat', 'enlisted', '@ann:example.org');
    expect(await storage.voices.byId(voice)).toMatchObject({ isOut: false, kind: 'enlisted' });
    expect(await storage.state.get('chat', voice, 'nick')).toEqual(
      new Uint8Array(Buffer.from('annie')),
    );
    await storage.close();
  });

  it('changes nothing when it is done again', async () => {
    const folder = await folderWith();
    await program(folder, ['chat', 'import']);
    const before = await readFile(join(folder, 'config.yaml'), 'utf8');

    const { out } = await program(folder, ['chat', 'import']);

    expect(out).toBe('there there there');
    expect(await readFile(join(folder, 'config.yaml'), 'utf8')).toBe(before);
  });

  it('makes no file where it only says what it would do', async () => {
    const folder = await folderWith();

    expect((await program(folder, ['chat', 'import', '--dry-run'])).out).toBe('new new new');

    expect(existsSync(join(folder, 'config.yaml'))).toBe(false);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('writes nothing into a database that is there, when it only says what it would do', async () => {
    const folder = await folderWith();
    await program(folder, ['chat', 'import'], bringing({ ...adoption, portals: [], people: [] }));

    expect((await program(folder, ['chat', 'import', '--dry-run'])).out).toBe('there new new');
    expect((await program(folder, ['chat', 'import', '--dry-run'])).out).toBe('there new new');
  });

  it('keeps what is otherwise there', async () => {
    const folder = await folderWith();
    await program(folder, ['chat', 'import']);
    await writeFile(join(folder, 'config.yaml'), `${smallest}      port: 6667\n`);
    const people = [{ ...adoption.people[0], state: { nick: Buffer.from('ann2') } }];

    const changed = { ...adoption, people } as Adoption;
    const { out } = await program(folder, ['chat', 'import'], bringing(changed));

    expect(out).toBe('other there other');
    const storage = await opened(folder);
    const voice = voiceId('chat', 'enlisted', '@ann:example.org');
    expect(Buffer.from((await storage.state.get('chat', voice, 'nick')) ?? []).toString()).toBe(
      'annie',
    );
    await storage.close();
  });

  it('refuses a database that somebody has open', async () => {
    const folder = await folderWith();
    await program(folder, ['chat', 'import']);
    const storage = await opened(folder);

    const { code, err } = await program(folder, ['chat', 'import']);
    await storage.close();

    expect(code).toBe(2);
    expect(err).toContain('is in use: stop the bridge that runs with it first');
    expect((await program(folder, ['chat', 'import'])).code).toBe(0);
  });

  it('refuses a config that lacks the network, and one that is wrong', async () => {
    const other = smallest.replace('  chat:', '  chat-2:');
    const without = await program(await folderWith({ 'config.yaml': other }), ['chat', 'import']);
    const wrong = { ...adoption, config: { ...adoption.config, bridge: {} } };
    const folder = await folderWith();

    expect(without).toMatchObject({ code: 2, err: expect.stringContaining('has no network chat') });
    expect(await program(folder, ['chat', 'import'], bringing(wrong))).toMatchObject({
      code: 2,
      err: expect.stringContaining('bridge'),
    });
    expect(existsSync(join(folder, 'config.yaml'))).toBe(false);
  });
});
