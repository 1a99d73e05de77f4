import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkAddress } from '../../../src/cli/doctor/clock.ts';
import { appserviceFace } from '../../../src/matrix/appservice/face.ts';
import { readRegistration } from '../../../src/matrix/registration.ts';
import { loadOrCreateKey } from '../../../src/store/key-file.ts';
import { openStorage } from '../../../src/store/sqlite/index.ts';
import { startDevHomeserver } from '../../../src/testing/dev-homeserver/index.ts';
import { folderWith, smallest } from '../config/fixture.ts';
import { run } from './fixture.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A homeserver that was given the registration of a bridge, and the folder of that bridge. */
async function installation(given = (registration: string) => registration) {
  const port = await freePort();
  const folder = await folderWith();
  const write = (text: string) =>
    writeFile(
      join(folder, 'config.yaml'),
      text
        .replace('http://127.0.0.1:9993', `http://127.0.0.1:${port}\n  listen: { port: ${port} }`)
        .replace(/http:\/\/127\.0\.0\.1:8008/, homeserverUrl),
    );
  let homeserverUrl = 'http://127.0.0.1:8008';
  await write(smallest);
  const { out: registration } = await run(folder, ['registration']);
  await writeFile(join(folder, 'registration.local.yaml'), registration);
  const homeserver = await startDevHomeserver({
    serverName: 'example.org',
    registrations: [given(registration)],
  });
  closers.push(() => homeserver.close());
  homeserverUrl = homeserver.url;
  await write(smallest);
  return { folder, port, registration, write, doctor: () => run(folder, ['doctor']) };
}

const marks = (out: string) => out.split('\n').map((line) => line.slice(0, 4).trim());
const failures = (out: string) => out.split('\n').filter((line) => line.startsWith('fail'));

describe('drawbridge doctor', () => {
  it('finds everything in order before the first start, and listens in place of the bridge', async () => {
    const { doctor } = await installation();

    const { code, out } = await doctor();

    expect(failures(out)).toEqual([]);
    expect(code).toBe(0);
    expect(out).toMatch(/ok +There is no database yet/);
    expect(out).toMatch(/ok +The homeserver knows the as_token/);
    expect(out).toMatch(/ok +The bridge does not run; its port \d+ is free/);
    expect(out).toMatch(/ok +The homeserver reaches the bridge at http:\S+ in \d+ ms/);
    expect(out).toMatch(/ok +The clocks .* agree/);
  });

  it('sees the bridge that runs, and its database', async () => {
    const { doctor, folder, port, registration } = await installation();
    await mkdir(join(folder, 'data'));
    const key = loadOrCreateKey(join(folder, 'data', 'storage.key'));
    const storage = await openStorage({ path: join(folder, 'data', 'drawbridge.db'), key });
    closers.push(() => storage.close());
    const nothing = async () => {};
    const face = appserviceFace({
      hsToken: readRegistration(registration, 'it').hsToken,
      log: () => {},
      handler: {
        transaction: nothing,
        passedOver: () => {},
        unreadable: nothing,
        served: async () => undefined,
        userExists: async () => false,
        aliasExists: async () => false,

        shown: async () => undefined,
        protocol: () => undefined,
        find: async () => [],
        pinged: () => {},
        canTake: () => false,
      },
    });
    await face.listen({ host: '127.0.0.1', port });
    closers.push(() => face.close());

    const { code, out } = await doctor();

    expect(code).toBe(0);
    expect(out).toMatch(/ok +The bridge runs on 127\.0\.0\.1:\d+/);
    expect(out).toMatch(/ok +The database \S+ can be read and written \(version \d+\)/);
  });

  it('warns of a policy room that cannot be read, and goes on', async () => {
    const { doctor, write } = await installation();
    await write(smallest.replace('bridge:\n', "bridge:\n  policyRooms: ['#none:example.org']\n"));

    const { code, out } = await doctor();

    expect(out).toMatch(/warn +There is no policy room #none:example\.org/);
    expect(code).toBe(0);
  });

  it('tells every mistake in the config and looks no further', async () => {
    const { write, doctor } = await installation();
    await write(smallest.replace('bridge:\n', 'bridge:\n  perfix: a\n  maxAgeMs: soon\n'));

    const { code, out } = await doctor();

    expect(code).toBe(1);
    expect(marks(out)).toEqual(['fail', 'fail']);
    expect(out).toContain('did you mean prefix?');
  });

  it('says that the homeserver was not given the registration', async () => {
    const { doctor } = await installation((text) =>
      text.replace(/as_token: .*/, 'as_token: another'),
    );

    const { code, out } = await doctor();

    expect(code).toBe(1);
    expect(failures(out)).toEqual([
      expect.stringMatching(/does not know the as_token: give it .*registration\.local\.yaml/),
    ]);
  });

  it('says that the homeserver has another name', async () => {
    const { doctor, folder, write } = await installation();
    await write(smallest.replace('serverName: example.org', 'serverName: example.net'));
    const { out: registration } = await run(folder, ['registration']);
    const { asToken, senderLocalpart } = readRegistration(
      await readFile(join(folder, 'registration.local.yaml'), 'utf8'),
      'it',
    );
    await writeFile(
      join(folder, 'registration.local.yaml'),
      registration
        .replace(/as_token: .*/, `as_token: ${asToken}`)
        .replace(/sender_localpart: .*/, `sender_localpart: ${senderLocalpart}`),
    );

    expect(failures((await doctor()).out)).toEqual([
      expect.stringContaining(':example.org, not @sender'),
    ]);
  });

  it('says that the homeserver has another hs_token', async () => {
    const { doctor } = await installation((text) =>
      text.replace(/hs_token: .*/, 'hs_token: another'),
    );

    expect(failures((await doctor()).out)).toEqual([
      expect.stringContaining('it was given another hs_token'),
    ]);
  });

  it('says that the homeserver cannot reach the bridge', async () => {
    const { doctor } = await installation((text) =>
      text.replace(/^url: .*/m, `url: http://127.0.0.1:1`),
    );

    expect(failures((await doctor()).out)).toEqual([
      expect.stringMatching(/cannot reach the bridge at .*: mend bridge\.url/),
    ]);
  });

  it('says that another program has the port', async () => {
    const other = await listening(createServer((_, response) => response.end('hello')));
    const { doctor, folder } = await installation();
    const path = join(folder, 'config.yaml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/listen: .*/, `listen: { port: ${other} }`));

    expect(failures((await doctor()).out)).toEqual([
      expect.stringContaining(`Another program listens on 127.0.0.1:${other}`),
    ]);
  });

  it('says that nothing answers, and what is no database', async () => {
    const { doctor, folder, write } = await installation();
    await mkdir(join(folder, 'data'));
    await writeFile(join(folder, 'data', 'drawbridge.db'), 'no database at all, but long enough');
    await writeFile(join(folder, 'data', 'storage.key'), '');
    await write(smallest.replace('http://127.0.0.1:8008', 'http://127.0.0.1:1'));

    const { code, out } = await doctor();

    expect(code).toBe(1);
    expect(failures(out)).toEqual([
      expect.stringContaining('it is no SQLite database'),
      expect.stringMatching(/Nothing answers at homeserver\.url .* \(ECONNREFUSED\)/),
    ]);
  });
});

describe('checkAddress', () => {
  it('warns of clocks that are more than half a minute apart', async () => {
    const port = await listening(createServer((_, response) => response.end()));
    const at = (aheadMs: number) =>
      checkAddress(`http://127.0.0.1:${port}`, () => Date.now() + aheadMs);

    expect(await at(20_000)).toMatchObject([{ is: 'ok' }]);
    expect(await at(40_000)).toMatchObject([
      { is: 'warn', text: expect.stringMatching(/are (39|40|41) s apart/) },
    ]);
  });
});
