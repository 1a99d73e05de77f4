import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FileItem } from '#gia';
import { AliceClient } from '../../gatekeeper/client/client.ts';
import { roomWithBot } from '../flow/support/bridged-room.ts';
import { MatrixPerson } from '../flow/support/matrix-person.ts';
import { makeBridge } from './support/bridge.ts';
import { startDevHomeserverProcess } from './support/dev-homeserver.ts';
import { freePort } from './support/free-port.ts';
import {
  addUser,
  connectProvider,
  gatekeeperDomain,
  makeGatekeeper,
} from './support/gatekeeper-process.ts';
import { startMediaProxy } from './support/media-proxy.ts';
import { peakMiB, restartPeak } from './support/memory.ts';
import { BOT, killAtEnd, serverName } from './support/process-scene.ts';
import { temporaryDir } from './support/temporary-dir.ts';

/** Of less nothing could be told: what is not collected yet is about thirty. */
const sizeMb = 100;
/** Too little to hold the file in. */
const mostMib = 64;
const MB = 1024 * 1024;
const domain = 'bob.example';
const mediaDomain = `media.${domain}`;

async function scene() {
  const dir = await temporaryDir('gatekeeper-files');
  const proxy = await startMediaProxy(mediaDomain);
  const caFile = join(dir, 'media-ca.pem');
  await writeFile(caFile, proxy.certificate);
  const gatekeeper = await makeGatekeeper(join(dir, 'gatekeeper'), { domain: mediaDomain, caFile });
  killAtEnd(gatekeeper.process);
  await gatekeeper.process.start();
  const options = await connectProvider(gatekeeper, {
    ...{ domain, dir: join(dir, 'bridge'), mediaDomains: [mediaDomain] },
  });
  const port = await freePort();
  const maxFileBytes = (sizeMb + 1) * MB;
  const gk = {
    adapter: 'gatekeeper',
    options: { ...options, maxFileBytes, plainNamesOf: serverName },
  };
  const bridge = await makeBridge({
    ...{ homeserverUrl: `http://127.0.0.1:${port}`, serverName, dir: join(dir, 'bridge') },
    ...{ networks: { gk }, more: { publicUrl: proxy.url } },
  });
  proxy.leadsTo(bridge.url);
  const { registrationFile } = bridge;
  const homeserver = await startDevHomeserverProcess({
    ...{ serverName, port, registrationFile, maxUploadBytes: maxFileBytes },
  });
  killAtEnd(homeserver.process);
  killAtEnd(bridge.process);
  await bridge.process.start();

  const ann = await MatrixPerson.register(homeserver.url, 'ann');
  const password = await addUser(gatekeeper, 'alice');
  const ca = await readFile(gatekeeper.caFile, 'utf8');
  const alice = await AliceClient.open({
    ...{ origin: gatekeeper.origin, ca, name: 'alice', password, device: 'phone' },
    file: join(dir, 'alice.db'),
  });
  onTestFinished(() => alice.close());
  await ann.say(await roomWithBot(ann, BOT), `!gatekeeper chat alice@${gatekeeperDomain}`);
  const room = await ann.invited();
  await ann.join(room);
  return { bridge, gatekeeper, alice, ann, room };
}

type Scene = Awaited<ReturnType<typeof scene>>;

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function toMatrix({ alice, ann, room }: Scene, chat: string, mb: number): Promise<void> {
  const bytes = randomBytes(mb * MB);
  const about = { contentType: 'video/mp4', filename: `theirs-${mb}.mp4`, isInline: true };
  const item = await alice.upload(once(bytes), about);
  await alice.say(chat, { kind: 'message', items: [item] });
  const { content } = await ann.sees(room, (event) => event.content['body'] === about.filename);
  const there = await ann.download(String(content['url']));
  expect(hashOf(there.bytes)).toBe(hashOf(bytes));
}

async function toGatekeeper({ alice, ann, room }: Scene, mb: number): Promise<string> {
  const bytes = randomBytes(mb * MB);
  const url = await ann.upload(bytes, 'video/mp4');
  const body = `ours-${mb}.mp4`;
  const info = { mimetype: 'video/mp4', size: bytes.length };
  await ann.send(room, { msgtype: 'm.video', body, url, info });
  const { item, chat } = await fileCalled(alice, body);
  const hash = createHash('sha256');
  for await (const piece of (await alice.open(item, (sizeMb + 1) * MB)).bytes) hash.update(piece);
  expect(hash.digest('hex')).toBe(hashOf(bytes));
  return chat;
}

async function fileCalled(alice: AliceClient, name: string) {
  for await (const { told } of alice.heard()) {
    const said = 'said' in told.what ? told.what.said : undefined;
    const items = said?.kind === 'message' ? said.items : [];
    const item = items.find((each): each is FileItem => each.kind === 'file');
    if (item?.filename === name) return { item, chat: told.conversation };
  }
  throw new Error(`${name} was not heard of`);
}

describe('a large file between Matrix and a gatekeeper', () => {
  it('crosses both ways, and neither process holds it in memory', async () => {
    const all = await scene();
    const processes = { bridge: all.bridge.process, gatekeeper: all.gatekeeper.process };
    // Whatever is loaded for a file is loaded then.
    const chat = await toGatekeeper(all, 1);
    await toMatrix(all, chat, 1);
    const before = Object.entries(processes).map(
      ([name, process]) => [name, process, restartPeak(process)] as const,
    );
    const grown: Record<string, number> = {};
    const seconds: Record<string, number> = {};
    const measured = async (way: string, crossing: () => Promise<unknown>) => {
      for (const [, process] of before) restartPeak(process);
      const beganMs = performance.now();
      await crossing();
      seconds[way] = Math.round((performance.now() - beganMs) / 1000);
      for (const [name, process, atFirst] of before)
        grown[`${name}, ${way}`] = Math.round(peakMiB(process) - atFirst);
    };
    await measured('to Matrix', () => toMatrix(all, chat, sizeMb));
    await measured('to the gatekeeper', () => toGatekeeper(all, sizeMb));
    const figures = JSON.stringify({ fileMib: sizeMb, moreMib: grown, seconds });
    process.stdout.write(`${figures}\n`);
    expect(Object.keys(grown)).toHaveLength(4);
    for (const mib of Object.values(grown)) expect(mib).toBeLessThan(mostMib);
  });
});
