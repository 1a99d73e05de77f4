import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/index.ts';
import { complaints, folderWith, load, registry, smallest } from './fixture.ts';

/** The smallest config with lines of it replaced. */
const with_ = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`Nothing to replace: ${from}`);
    return text.replace(from, to);
  }, smallest);

describe('loadConfig', () => {
  it('fills in all that was left out', async () => {
    const config = await load(smallest);

    expect(config.bridge).toMatchObject({
      listen: { host: '127.0.0.1', port: 9993 },
      prefix: 'drawbridge_',
      permissions: { '*': 'use' },
      statusEvents: false,
      deadLetterDays: 7,
      maxAgeMs: 3_600_000,
      userRate: { burst: 100, perSecond: 10 },
      policyRooms: [],
      drainMs: 60_000,
    });
    expect(config.networks).toEqual({
      chat: {
        adapter: 'chat',
        joins: {},
        connectionNotices: false,
        publishRooms: false,
        noRoomsFor: [],
        chats: {},
        displayName: 'Chat',
        command: '!chat',
        voices: ['enlisted', 'relay'],
        idleCloseMs: 172_800_000,
        userRate: { burst: 100, perSecond: 10 },
        portals: [],
        options: { host: 'chat.example.org', port: 6697, tls: true, ignore: [] },
      },
    });
  });

  it.each([
    ['mxc://example.org/a_B-1', true],
    ['https://example.org/a.png', false],
    ['mxc://example.org', false],
    ['mxc://example.org/a/b', false],
  ])('takes the picture %s for a network: %s', async (icon, isTaken) => {
    const config = load(with_(['    adapter: chat\n', `    adapter: chat\n    icon: ${icon}\n`]));
    if (isTaken) expect((await config).networks['chat']?.icon).toBe(icon);
    else await expect(config).rejects.toThrow('expected mxc://SERVER/ID');
  });

  it('takes for a network what is said there of a limit, and the rest from everywhere', async () => {
    const config = await load(
      with_(
        ['bridge:\n', 'bridge:\n  userRate: { burst: 50, perSecond: 5 }\n'],
        ['    adapter: chat\n', '    adapter: chat\n    userRate: { perSecond: 1 }\n'],
      ),
    );

    expect(config.networks['chat']?.userRate).toEqual({ burst: 50, perSecond: 1 });
  });

  it('takes files and folders as seen from the folder of the config', async () => {
    const config = await load(smallest);

    expect(config.bridge.dataDir).toBe(join(dirname(config.path), 'data'));
    expect(config.bridge.registrationFile).toBe(
      join(dirname(config.path), 'registration.local.yaml'),
    );
  });

  it('leaves the file as it is', async () => {
    const folder = await folderWith({ 'config.yaml': smallest });
    const path = join(folder, 'config.yaml');
    const before = await stat(path);

    await loadConfig(path, { adapters: registry, env: { DRAWBRIDGE_AS_TOKEN: 'secret' } });

    expect(await readFile(path, 'utf8')).toBe(smallest);
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs);
  });

  it('keeps the slash off the end of an address', async () => {
    const config = await load(with_(['http://127.0.0.1:8008', 'https://matrix.example.org/']));

    expect(config.homeserver.url).toBe('https://matrix.example.org');
  });

  it('says where a value is wrong, what was expected and what came', async () => {
    const text = with_(['bridge:\n', 'bridge:\n  listen:\n    port: 99999\n']);

    expect(await complaints(text)).toEqual([
      'config.yaml:6:11: bridge.listen.port: expected a whole number from 0 to 65535; it is 99999',
    ]);
  });

  it('names the key that was most likely meant', async () => {
    const text = with_(['bridge:\n', 'bridge:\n  perfix: irc_\n'], ['host: chat', 'hots: chat']);

    expect(await complaints(text)).toEqual([
      'config.yaml:5:3: bridge.perfix: there is no such key; did you mean prefix?',
      'config.yaml:10:5: networks.chat.options.host: expected a text such as chat.example.org; it is missing',
      'config.yaml:11:7: networks.chat.options.hots: there is no such key; did you mean host?',
    ]);
  });

  it('lists the known keys when none is near', async () => {
    const [line] = await complaints(with_(['url: http://127.0.0.1:8008\n', '']), {});
    expect(line).toBe(
      'config.yaml:1:1: homeserver.url: expected a web address such as http://127.0.0.1:8008; it is missing',
    );

    const text = `${smallest}log: { colour: red }\n`;
    expect(await complaints(text)).toEqual([
      'config.yaml:11:8: log.colour: there is no such key; known here: format, level',
    ]);
  });

  it('tells every mistake of the core and of the adapters at once', async () => {
    const text = with_(
      ['example.org', '"a b"'],
      ['adapter: chat', 'adapter: chat\n    voices: [relay, shout]'],
      ['host: chat.example.org', 'port: many'],
    );

    expect(await complaints(text)).toEqual([
      'config.yaml:3:15: homeserver.serverName: expected a server name such as example.org, as it stands in user ids; it is "a b"',
      'config.yaml:9:21: networks.chat.voices[1]: expected one of login, enlisted, relay; it is "shout"',
      'config.yaml:10:5: networks.chat.options.host: expected a text such as chat.example.org; it is missing',
      'config.yaml:11:13: networks.chat.options.port: expected a whole number from 1 to 65535; it is "many"',
    ]);
  });

  it('tells every mistake in the YAML with its place', async () => {
    const lines = await complaints('homeserver:\n  url: a\n  url: b\nlog: "\\x"\n');

    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^config\.yaml:\d+:\d+: not valid YAML: /);
  });

  it('refuses an alias of nothing', async () => {
    expect(await complaints('log: *level\n')).toEqual([
      expect.stringMatching(/^config\.yaml:1:1: not valid YAML: Unresolved alias .*level$/),
    ]);
  });

  it('refuses a key that stands there twice', async () => {
    const lines = await complaints(smallest.replace('bridge:\n', 'bridge:\n  url: http://b\n'));

    expect(lines).toEqual(['config.yaml:6:3: not valid YAML: Map keys must be unique']);
  });

  it('takes a section whose keys are all commented out as left out', async () => {
    const config = await load(`${smallest}log:\n  #level: debug\n`);

    expect(config.log.level).toBe('info');
  });

  it('never shows a secret', async () => {
    const text = `${smallest}      sasl: { account: bob, password: hunter2 }\n`;

    const lines = await complaints(text);

    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/networks\.chat\.options\.sasl\.password: expected .*not shown/);
    expect(lines[0]).not.toContain('hunter2');
  });

  it('names the command that writes a config when there is none', async () => {
    const folder = await folderWith();
    const loading = loadConfig(join(folder, 'none.yaml'), { adapters: registry, env: {} });

    await expect(loading).rejects.toThrow(/there is no such file; `drawbridge config init`/);
  });

  it('says that an empty file lacks everything', async () => {
    const lines = await complaints('');

    expect(lines.map((line) => line.split(': ')[1])).toEqual(['homeserver', 'bridge', 'networks']);
  });

  it('refuses a prefix that would take the names of people', async () => {
    const text = with_(['bridge:\n', 'bridge:\n  prefix: a\n']);

    expect((await complaints(text))[0]).toMatch(
      /^config\.yaml:5:11: bridge\.prefix: expected .*; it is "a"$/,
    );
  });

  it('refuses a network id that could be mistaken for another with more in it', async () => {
    const text = with_(['\n  chat:', '\n  a_b:']);

    expect((await complaints(text))[0]).toMatch(/^config\.yaml:7:3: networks\.a_b: expected an id/);
  });

  it('lets two networks of one kind share their command', async () => {
    const { networks } = await load(
      `${smallest}  other: { adapter: chat, options: { host: b } }\n`,
    );

    expect(Object.values(networks).map(({ command }) => command)).toEqual(['!chat', '!chat']);
  });

  it('asks for the options that an adapter needs when none are given', async () => {
    const text = smallest.replace(/ {4}options:\n.*\n/, '');

    expect(await complaints(text)).toEqual([
      'config.yaml:7:3: networks.chat.options.host: expected a text such as chat.example.org; it is missing',
    ]);
  });

  it('refuses voices of which the adapter offers none', async () => {
    const text = with_(['adapter: chat', 'adapter: chat\n    voices: [login]']);

    expect(await complaints(text)).toEqual([
      'config.yaml:9:5: networks.chat.voices: expected one of the voices that Chat offers: enlisted, relay',
    ]);
  });

  it('refuses a link that stands there twice', async () => {
    const link = `{ chat: '#a', room: '!r' }`;
    const text = with_(['adapter: chat', `adapter: chat\n    portals: [${link}, ${link}]`]);

    expect((await complaints(text))[0]).toMatch(/portals\[1\]: this chat and this room are linked/);
  });
});

describe('loadConfig with an environment', () => {
  it('takes secrets from it and leaves them out of the file', async () => {
    const config = await load(smallest, {
      DRAWBRIDGE_AS_TOKEN: 'a',
      DRAWBRIDGE_HS_TOKEN: 'h',
      DRAWBRIDGE_STORAGE_KEY: 'k',
    });

    expect(config.secrets).toEqual({ asToken: 'a', hsToken: 'h', storageKey: 'k' });
  });

  it('sets an option of an adapter, in its own type', async () => {
    const config = await load(smallest, {
      DRAWBRIDGE_NETWORKS_CHAT_SASL_PASSWORD: '12345678',
      DRAWBRIDGE_NETWORKS_CHAT_SASL_ACCOUNT: 'bob',
      DRAWBRIDGE_NETWORKS_CHAT_PORT: '6667',
      DRAWBRIDGE_NETWORKS_CHAT_TLS: 'false',
    });

    expect(config.networks['chat']?.options).toMatchObject({
      port: 6667,
      tls: false,
      sasl: { account: 'bob', password: '12345678' },
    });
  });

  it('reads a secret from the file that it names, without the line end', async () => {
    const folder = await folderWith({ token: 'from-file\n' });

    const config = await load(smallest, { DRAWBRIDGE_AS_TOKEN_FILE: join(folder, 'token') });

    expect(config.secrets.asToken).toBe('from-file');
  });

  it('names the variable where a value of it is wrong', async () => {
    expect(await complaints(smallest, { DRAWBRIDGE_NETWORKS_CHAT_PORT: 'many' })).toEqual([
      'environment variable DRAWBRIDGE_NETWORKS_CHAT_PORT: networks.chat.options.port: expected a whole number from 1 to 65535; it is "many"',
    ]);
  });

  it('refuses a value and a file for the same secret, and a file that is not there', async () => {
    expect(
      await complaints(smallest, {
        DRAWBRIDGE_AS_TOKEN: 'a',
        DRAWBRIDGE_AS_TOKEN_FILE: '/nowhere/a',
        DRAWBRIDGE_HS_TOKEN_FILE: '/nowhere/b',
      }),
    ).toEqual([
      'environment variable DRAWBRIDGE_AS_TOKEN: is set, and DRAWBRIDGE_AS_TOKEN_FILE as well: unset one of them',
      expect.stringMatching(/^environment variable DRAWBRIDGE_HS_TOKEN_FILE: cannot be read: /),
    ]);
  });

  it('refuses a variable that is nearly one of ours and leaves those of container systems alone', async () => {
    const env = { DRAWBRIDGE_AS_TOKN: 'a', DRAWBRIDGE_PORT: 'tcp://10.0.0.1:80' };

    expect(await complaints(smallest, env)).toEqual([
      'environment variable DRAWBRIDGE_AS_TOKN: sets nothing; did you mean DRAWBRIDGE_AS_TOKEN?',
    ]);
  });
});

describe('loadConfig with an adapter that is a package', () => {
  const source = `import { z } from 'zod';
export const fancy = { id: 'fancy', displayName: 'Fancy', voices: ['relay'],
  config: z.strictObject({ room: z.string() }), async open() { throw new Error('no'); } };
`;
  const text = smallest
    .replace('adapter: chat', 'adapter: my-adapter')
    .replace('host: chat.example.org', 'room: lounge');

  async function installed(manifest: object, code = source) {
    const folder = await folderWith({ 'config.yaml': text });
    const own = join(folder, 'node_modules', 'my-adapter');
    await mkdir(own, { recursive: true });
    await writeFile(join(own, 'package.json'), JSON.stringify({ type: 'module', ...manifest }));
    await writeFile(join(own, 'index.js'), code);
    const zod = dirname(createRequire(import.meta.url).resolve('zod/package.json'));
    await symlink(zod, join(folder, 'node_modules', 'zod'));
    return join(folder, 'config.yaml');
  }

  it.each([
    ['a main file', { main: './index.js' }],
    ['exports for everyone', { exports: './index.js' }],
    ['exports for import only', { exports: { '.': { types: './x.d.ts', import: './index.js' } } }],
  ])('finds it beside the config by %s', async (_, manifest) => {
    const path = await installed(manifest);

    const config = await loadConfig(path, { adapters: registry, env: {} });

    expect(config.networks['chat']).toMatchObject({
      adapter: 'my-adapter',
      displayName: 'Fancy',
      command: '!fancy',
      voices: ['relay'],
      options: { room: 'lounge' },
    });
  });

  it('says how to install one that is not there', async () => {
    expect(await complaints(text)).toEqual([
      expect.stringMatching(
        /^config\.yaml:8:14: networks\.chat\.adapter: there is no adapter "my-adapter" \(those that come along: chat\); install it with `npm install my-adapter` in /,
      ),
    ]);
  });

  it('says what is wrong with one that exports no adapter, or breaks', async () => {
    const loading = async (code: string) =>
      loadConfig(await installed({ main: './index.js' }, code), { adapters: registry, env: {} });

    await expect(loading('export const answer = 42;')).rejects.toThrow(
      /my-adapter exports no adapter/,
    );
    await expect(loading('throw new Error("bad day");')).rejects.toThrow(
      /my-adapter cannot be loaded: bad day/,
    );
  });
});
