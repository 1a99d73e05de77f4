import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { encrypted, oldBridge, oldConfig, otherPem, takenOver } from './old-bridge.ts';

const link = (id: number, origin: string | undefined, channel: string, room: string) => ({
  _id: `room${id}`,
  id: `${room} irc.example.com ${channel}`,
  matrix_id: room,
  remote_id: `irc.example.com ${channel}`,
  matrix: { name: '', topic: '', extras: {} },
  remote: { domain: 'irc.example.com', channel, type: 'channel' },
  data: origin === undefined ? {} : { origin },
});

const person = (id: string, config: object, data: object = {}) => ({
  _id: id,
  type: 'matrix',
  id: `@${id}:hs.test`,
  data: { localpart: id, client_config: { irc_example_com: config }, ...data },
});

const rooms = [
  link(1, 'config', '#pub', '!pub:hs.test'),
  link(2, 'alias', '#talk', '!talk:hs.test'),
  link(3, 'provision', '#talk', '!own:hs.test'),
  link(4, undefined, '#old', '!old:hs.test'),
  link(5, 'config', '#gone', '!gone:hs.test'),
  link(6, 'alias', '#deleted', '!deleted:hs.test'),
  { ...link(2, 'join', '#talk', '!talk:hs.test') },
  { $$deleted: true, _id: 'room6' },
  { ...link(7, undefined, 'bob', '!pm:hs.test'), id: 'PM_@ann:hs.test_@irc_bob:hs.test' },
  { $$indexCreated: { fieldName: 'id', unique: true, sparse: false } },
];

const users = [
  person('ann', {
    nick: 'annie',
    username: 'anna',
    password: encrypted('s3cret'),
    ipv6: '2001:db8::1',
  }),
  person('bert', { username: 'bert' }, { features: { mentions: true } }),
  person('carl', { nick: 'carl' }, { deactivated: true }),
  { _id: 'x', type: 'remote', id: 'config', data: {} },
];

const lines = (documents: readonly object[]) =>
  documents.map((one) => JSON.stringify(one)).join('\n');

const files = {
  'config.yaml': oldConfig('nedb://.'),
  'rooms.db': lines(rooms),
  'users.db': `${lines(users)}\n`,
};

describe('drawbridge irc import', () => {
  it('says what would become of each row, and makes no file', async () => {
    const { folder, run } = await oldBridge(files);

    const { code, lines } = await run('--dry-run');

    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        '  link of #talk on examplenet to !talk:hs.test, found by its alias (new)',
        '  link of #talk on examplenet to !own:hs.test (new)',
        '  @ann:hs.test on examplenet: account, nick (new)',
        '  link of #gone on irc.example.com to !gone:hs.test: it came from the old config, which no longer names it',
        '  settings of @carl:hs.test on irc.example.com: they are deactivated',
        expect.stringContaining('  private room !pm:hs.test of '),
        expect.stringContaining('  address 2001:db8::1 of @ann:hs.test'),
        '  ircService.logging.level: see log in the config',
        '  1 × settings of users by !feature: there is nothing like it here',
      ]),
    );
    expect(lines.join('\n')).not.toContain('#deleted');
    expect(existsSync(join(folder, 'config.yaml'))).toBe(false);
    expect(existsSync(join(folder, 'data'))).toBe(false);
  });

  it('fills the database, with passwords under our own key', async () => {
    const { folder, run } = await oldBridge(files);

    expect((await run()).code).toBe(0);

    const found = await takenOver(folder, 'examplenet', '@ann:hs.test');
    expect(found).toMatchObject({ nick: 'annie', account: { name: 'annie', password: 's3cret' } });
    expect(found.links).toEqual([
      { chat: '#old', room: '!old:hs.test', origin: 'command', ownsRoom: false },
      { chat: '#talk', room: '!own:hs.test', origin: 'command', ownsRoom: false },
      { chat: '#talk', room: '!talk:hs.test', origin: 'alias', ownsRoom: true },
    ]);
    const database = await readFile(join(folder, 'data', 'drawbridge.db'), 'latin1');
    expect(database).not.toContain('s3cret');
  });

  it('writes a config in which the bridge does as the old one did', async () => {
    const { folder, run } = await oldBridge(files);
    await run();

    const config = parse(await readFile(join(folder, 'config.yaml'), 'utf8'));

    expect(config.bridge.permissions).toEqual({
      '*': 'use',
      '@root:hs.test': 'admin',
      '@*:evil?com*': 'none',
      '@carl:hs.test': 'none',
    });
    expect(config.networks.examplenet).toEqual({
      adapter: 'irc',
      displayName: 'ExampleNet',
      idleCloseMs: 10_800_000,
      noRoomsFor: ['#secret'],
      ghostsJoin: 'changes',
      voicesJoin: 'entering',
      portals: [{ chat: '#Pub', room: '!pub:hs.test' }],
      options: {
        host: 'irc.example.com',
        port: 6697,
        otherServers: ['irc2.example.com'],
        tls: true,
        password: 'pa55',
        nick: 'MatrixBot',
        account: 'MatrixBot',
        accountPassword: 'helloworld',
        channelKeys: { '#Pub': 'letmein' },
        enlistedNick: '{displayName}[irc]',
        maxConnections: 40,
        pasteLines: 3,
      },
    });
  });

  it('changes nothing the second time, and the old files never', async () => {
    const { folder, run } = await oldBridge(files);
    await run();
    const before = await takenOver(folder, 'examplenet', '@ann:hs.test');

    const { code, lines } = await run();

    expect(code).toBe(0);
    expect(lines.filter((line) => /\((new|something)/.test(line))).toEqual([]);
    expect(await takenOver(folder, 'examplenet', '@ann:hs.test')).toEqual(before);
    for (const [name, text] of Object.entries(files))
      expect(await readFile(join(folder, 'old', name), 'utf8')).toBe(text);
  });

  it.each([
    ['a key that opens none of the passwords', { 'passkey.pem': otherPem }, 'opens none of'],
    ['a key that is none', { 'passkey.pem': 'no key' }, 'opens none of'],
    [
      'a config of something else',
      { 'config.yaml': 'database: {connectionString: "nedb://."}' },
      'no config of',
    ],
    ['a config that is no YAML', { 'config.yaml': 'a: [' }, 'is no YAML'],
    [
      'a file of the database that is cut off',
      { 'rooms.db': '{"_id":"a"' },
      'rooms.db:1 is no line',
    ],
    ['a folder without a database', { 'config.yaml': oldConfig('nedb://elsewhere') }, '--database'],
  ])('refuses %s, and makes no file', async (_, wrong, words) => {
    const { folder, run } = await oldBridge({ ...files, ...wrong });

    const { code, lines } = await run();

    expect(code).toBe(2);
    expect(lines.join('\n')).toContain(words);
    expect(existsSync(join(folder, 'config.yaml'))).toBe(false);
  });

  it('leaves passwords behind where somebody says so', async () => {
    const { folder, run } = await oldBridge({ ...files, 'passkey.pem': otherPem });

    const { lines } = await run('--without-passwords');

    expect(lines).toContain(
      '  password of @ann:hs.test on irc.example.com: passwords were to be left behind',
    );
    expect(await takenOver(folder, 'examplenet', '@ann:hs.test')).toMatchObject({
      nick: 'annie',
      account: undefined,
    });
  });

  it('tells of a setting that ours does not take', async () => {
    const broken = oldConfig('nedb://.')
      .replace('"MatrixBot"', '"9Bot"')
      .replace('maxClients: 40', 'maxClients: forty');
    const { lines } = await (await oldBridge({ ...files, 'config.yaml': broken })).run('--dry-run');

    expect(lines).toContain('  nick of examplenet: what was set is not possible here');
    expect(lines).toContainEqual(expect.stringMatching(/ircClients\.maxClients: /));
  });
});
