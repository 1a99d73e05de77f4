import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { irc } from '../../../../bridges/irc/index.ts';
import { ownAccountOf } from '../../../../bridges/irc/own-account.ts';
import { runCli } from '../../../../src/cli/program.ts';
import { adapterState } from '../../../../src/engine/adapter-state.ts';
import { adoptionsOf } from '../../../../src/engine/adoptions.ts';
import { voiceId } from '../../../../src/engine/voice-choice.ts';
import { loadOrCreateKey } from '../../../../src/store/key-file.ts';
import { openStorage } from '../../../../src/store/sqlite/index.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The key of the old bridge, as it lies in its file. */
export const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();

export const otherPem = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs1', format: 'pem' })
  .toString();

/** A password as the old bridge stores it: salt, a space and the word, under the public part. */
export const encrypted = (password: string): string =>
  publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING },
    Buffer.from(`${randomBytes(16).toString('base64')} ${password}`),
  ).toString('base64');

/** The config of an old bridge with one network, and `more` of it. */
export const oldConfig = (database: string, more = ''): string => `
homeserver:
  url: "http://localhost:8008"
  domain: "hs.test"
ircService:
  passwordEncryptionKeyPath: "passkey.pem"
  permissions:
    "@root:hs.test": admin
  servers:
    irc.example.com:
      name: "ExampleNet"
      additionalAddresses: [ "irc2.example.com" ]
      port: 6697
      ssl: true
      password: "pa55"
      botConfig:
        enabled: true
        nick: "MatrixBot"
        password: "helloworld"
      dynamicChannels:
        enabled: true
        exclude: ["#secret"]
      membershipLists:
        enabled: true
        global:
          ircToMatrix: { initial: false, incremental: true }
          matrixToIrc: { initial: true, incremental: true }
      mappings:
        "#Pub":
          roomIds: ["!pub:hs.test"]
          key: "letmein"
      ircClients:
        nickTemplate: "$DISPLAY[irc]"
        maxClients: 40
        idleTimeout: 10800
      excludedUsers:
        - regex: "@.*:evil.com"
          kickReason: "no"
  logging:
    level: debug
${more}
database:
  connectionString: "${database}"
`;

export interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
}

/** A folder with what an old bridge had, in which the import is run. */
export async function oldBridge(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-import-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, 'old'));
  for (const [name, text] of Object.entries({ 'passkey.pem': pem, ...files }))
    await writeFile(join(folder, 'old', name), text);
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const lines: string[] = [];
    const line = (text: string) => void lines.push(...text.split('\n'));
    const io = {
      out: line,
      err: line,
      env: {},
      cwd: folder,
      ...{ onStop: () => () => {}, onReload: () => () => {} },
    };
    const context = { io, adapters: { irc: async () => irc }, executable: '' };
    return {
      code: await runCli(['irc', 'import', 'old/config.yaml', ...args], context as never),
      lines,
    };
  };
  return { folder, run };
}

/** What our database has of it. */
export async function takenOver(folder: string, network: string, userId: `@${string}:${string}`) {
  const key = loadOrCreateKey(join(folder, 'data', 'storage.key'));
  const storage = await openStorage({ path: join(folder, 'data', 'drawbridge.db'), key });
  const id = voiceId(network, 'enlisted', userId);
  const state = adapterState(storage, network, id);
  const nick = await state.get('nick');
  const found = {
    links: await adoptionsOf(storage, network),
    nick: nick && Buffer.from(nick).toString(),
    account: await ownAccountOf({ id, kind: 'enlisted', state }),
  };
  await storage.close();
  return found;
}
