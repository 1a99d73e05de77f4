import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encrypted, oldBridge, oldConfig, takenOver } from '../bridges/irc/import/old-bridge.ts';
import { type PostgresServer, startPostgres } from './servers/postgres.ts';
import { requirePart } from './servers/require-part.ts';

const part = await requirePart('postgresql');

/** What is read of the old bridge's tables. */
const tables = `
  CREATE TABLE schema (version INTEGER UNIQUE NOT NULL);
  CREATE TABLE rooms (origin TEXT NOT NULL, room_id TEXT NOT NULL, type TEXT NOT NULL,
    irc_domain TEXT NOT NULL, irc_channel TEXT NOT NULL, irc_json JSON NOT NULL,
    matrix_json JSON NOT NULL, UNIQUE (room_id, irc_domain, irc_channel));
  CREATE TABLE admin_rooms (room_id TEXT UNIQUE, user_id TEXT);
  CREATE TABLE pm_rooms (room_id TEXT UNIQUE, irc_domain TEXT NOT NULL, irc_nick TEXT NOT NULL,
    matrix_user_id TEXT, virtual_user_id TEXT);
  CREATE TABLE client_config (user_id TEXT, domain TEXT NOT NULL, config JSON, password TEXT,
    UNIQUE (user_id, domain));
  CREATE TABLE user_features (user_id TEXT UNIQUE, features JSON);
  CREATE TABLE deactivated_users (user_id TEXT UNIQUE NOT NULL, ts BIGINT NOT NULL);`;

const room = (origin: string, channel: string, id: string, domain = 'irc.example.com') =>
  `INSERT INTO rooms VALUES ('${origin}', '${id}', 'channel', '${domain}', '${channel}', '{}', '{}');`;

const rows = `
  INSERT INTO schema VALUES (9);
  ${room('alias', '#talk', '!talk:hs.test')}
  ${room('join', '#also', '!talk:hs.test')}
  ${room('provision', '#talk', '!own:hs.test')}
  ${room('config', '#pub', '!pub:hs.test')}
  ${room('alias', '#far', '!far:hs.test', 'irc.far.org')}
  INSERT INTO admin_rooms VALUES ('!admin:hs.test', '@ann:hs.test');
  INSERT INTO pm_rooms VALUES ('!pm:hs.test', 'irc.example.com', 'bob', '@ann:hs.test', '@irc_bob:hs.test');
  INSERT INTO client_config VALUES
    ('@ann:hs.test', 'irc.example.com', '{"nick":"annie","username":"anna"}', '${encrypted('s3cret')}'),
    ('@bert:hs.test', 'irc.example.com', '{"username":"bert"}', 'bm90aGluZw=='),
    ('@carl:hs.test', 'irc.example.com', NULL, NULL);
  INSERT INTO user_features VALUES ('@ann:hs.test', '{"mentions":true}');
  INSERT INTO deactivated_users VALUES ('@dora:hs.test', 1);`;

part.describe('drawbridge irc import from PostgreSQL', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres(part.root);
    await query(tables + rows);
  });
  afterAll(() => server.process.kill());

  async function query(text: string): Promise<readonly object[]> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    return client
      .query(text)
      .then(({ rows: found }) => found)
      .finally(() => client.end());
  }

  const bridge = (sasl = false) => {
    const config = oldConfig(server.url);
    const one = sasl ? config.replace('port: 6697', 'port: 6697\n      sasl: true') : config;
    return oldBridge({ 'config.yaml': one });
  };

  it('takes over links, nicks and passwords, and says what it could not', async () => {
    const { folder, run } = await bridge();

    const { code, lines } = await run();

    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        '  link of #far on irc.far.org to !far:hs.test: the old config has no such server',
        '  password of @bert:hs.test on irc.example.com: the key does not open it',
        expect.stringContaining('  private room !pm:hs.test of @ann:hs.test with bob: '),
        expect.stringContaining('  room !admin:hs.test of @ann:hs.test with the old bot: '),
      ]),
    );
    const found = await takenOver(folder, 'examplenet', '@ann:hs.test');
    expect(found).toMatchObject({ nick: 'annie', account: { name: 'annie', password: 's3cret' } });
    expect(found.links).toEqual([
      { chat: '#talk', room: '!own:hs.test', origin: 'command', ownsRoom: false },
      { chat: '#also', room: '!talk:hs.test', origin: 'alias', ownsRoom: true },
      { chat: '#talk', room: '!talk:hs.test', origin: 'alias', ownsRoom: false },
    ]);
  });

  it('knows the account by the name that the old bridge gave by SASL', async () => {
    const { folder, run } = await bridge(true);
    await run();

    const { account } = await takenOver(folder, 'examplenet', '@ann:hs.test');
    expect(account).toEqual({ name: 'anna', password: 's3cret' });
  });

  it('changes nothing the second time, and nothing in the old database', async () => {
    const all = 'SELECT * FROM rooms ORDER BY room_id, irc_channel';
    const [before, { folder, run }] = [await query(all), await bridge()];
    await run();
    const first = await takenOver(folder, 'examplenet', '@ann:hs.test');

    const { lines } = await run();

    expect(lines.filter((line) => line.endsWith('(new)'))).toEqual([]);
    expect(await takenOver(folder, 'examplenet', '@ann:hs.test')).toEqual(first);
    expect(await query(all)).toEqual(before);
  });

  it('refuses a database of another version, one of something else, and one that is away', async () => {
    const { run } = await bridge();
    await query('UPDATE schema SET version = 12');
    const other = await run();
    await query('UPDATE schema SET version = 9; ALTER TABLE schema RENAME TO elsewhere');
    const foreign = await run();
    await query('ALTER TABLE elsewhere RENAME TO schema');
    const away = await run('--database', 'postgres://old@127.0.0.1:1/postgres');

    expect(other).toMatchObject({ code: 2, lines: [expect.stringContaining('has version 12')] });
    expect(foreign).toMatchObject({
      code: 2,
      lines: [expect.stringContaining('is no database of')],
    });
    expect(away).toMatchObject({ code: 2, lines: [expect.stringContaining('cannot be opened')] });
  });
});
