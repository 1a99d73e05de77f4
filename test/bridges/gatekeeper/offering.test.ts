import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Media, mediaRef, type Network } from '#adapter';
import type { FileItem } from '#gia';
import { offeredAt, pathTo } from '../../../bridges/gatekeeper/offered-path.ts';
import { selfMade } from '../../../gatekeeper/tls/self-made.ts';
import { memoryDisk } from '../../../src/testing/index.ts';
import { useGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { aliceAt } from './alice.ts';
import { act, approved, openOn } from './bench.ts';

const domain = (n: number) => `offering${n}.example`;
const hosts = Array.from({ length: 20 }, (_, n) => `media.${domain(n)}`);
const tls = selfMade(hosts, Date.now());
/** Only of this test: these names are let through to this machine. */
const server = useGatekeeper({
  net: {
    resolve: async (host) => (hosts.includes(host) ? [{ address: '127.0.0.1', family: 4 }] : []),
    isAllowed: () => true,
    ca: tls.cert,
  },
});
const plain = randomBytes(200_000);
const cat: Media = {
  ...{ ref: mediaRef('mxc://hs.test/cat'), as: 'image', mimeType: 'image/png', name: 'cat.png' },
  sizeBytes: plain.length,
};
let count = 0;

/** What the world reaches of a network, where the core would serve it. */
async function reachable(network: () => Network): Promise<number> {
  const face = createServer({ cert: tls.cert, key: tls.key }, async (request, response) => {
    const served = await network().serve?.(request.url?.slice('/at/gk/'.length) ?? '');
    if (!served) return response.writeHead(404).end();
    response.writeHead(200, { 'content-length': served.sizeBytes });
    return Readable.from(await served.open(new AbortController().signal)).pipe(response);
  });
  face.listen(0, '127.0.0.1');
  await once(face, 'listening');
  onTestFinished(() => {
    face.close();
    face.closeAllConnections();
  });
  return (face.address() as AddressInfo).port;
}

async function scene({ host = '', maxFileBytes = 1_000_000, scheme = 'https' } = {}) {
  const own = domain(count++);
  let network: Network | undefined;
  const port = await reachable(() => network as Network);
  const options = { ...(await approved(server, own)), maxFileBytes };
  const opened = await openOn(options, memoryDisk(), {
    publicUrl: `${scheme}://${host || `media.${own}`}:${port}/at/gk/`,
    media: new Map([[cat.ref, plain]]),
  });
  network = opened.network;
  const ann = await opened.enlist('ann');
  const alice = await aliceAt(server);
  const chat = await ann.session.direct?.(alice.user.user_ref as never, opened.signal);
  if (chat === undefined) throw new Error('no chat');
  const shows = (media: readonly Media[], text = '') =>
    act<'message'>(opened, ann.session, {
      ...{ kind: 'message', key: `shows-${text}`, chat, body: { text, media } },
    });
  return { ...opened, ...ann, alice, shows };
}

type Alice = Awaited<ReturnType<typeof aliceAt>>;

async function hears(alice: Alice): Promise<readonly FileItem[]> {
  for await (const { told } of alice.heard())
    if ('said' in told.what && told.what.said.kind === 'message')
      return told.what.said.items.filter((item) => item.kind === 'file');
  throw new Error('nothing was heard');
}

async function open(alice: Alice, item: FileItem | undefined): Promise<Buffer> {
  if (!item) throw new Error('no file');
  return buffer((await alice.open(item, 1_000_000)).bytes);
}

const pathIn = ({ url }: FileItem) => url.split('/').at(-1) ?? '';

describe('a file of Matrix', () => {
  it('is fetched by the gatekeeper for whoever is shown it, sealed, and is as it was', async () => {
    const { session, alice, shows } = await scene();
    expect(session.takesFiles).toBe(true);
    await shows([cat, { ...cat, as: 'file' }], 'look');
    const [item, other] = await hears(alice);

    expect(item).toMatchObject({ contentType: 'image/png', filename: 'cat.png', isInline: true });
    expect(other?.isInline).toBe(false);
    expect((await open(alice, item)).equals(plain)).toBe(true);
    expect((await open(alice, other)).equals(plain)).toBe(true);
  });

  it('is the same bytes each time, and under another key each time that it is shown', async () => {
    const { alice, shows, network, signal } = await scene();
    await shows([cat, cat]);
    const [item, other] = await hears(alice);
    if (!item || !other) throw new Error('no files');
    const read = async (of: FileItem) => {
      const served = await network.serve?.(pathIn(of));
      return buffer((await served?.open(signal)) ?? Readable.from([]));
    };
    const [first, again] = [await read(item), await read(item)];

    expect(first.length).toBe(item.sizeBytes);
    expect(first.equals(again)).toBe(true);
    expect(first.includes(plain.subarray(0, 32))).toBe(false);
    expect((await read(other)).equals(first)).toBe(false);
  });

  it('is under no path that was made by anybody else, changed, or made so long ago', async () => {
    const { alice, shows, network, disk } = await scene();
    await shows([cat]);
    const [item] = await hears(alice);
    if (!item) throw new Error('no file');
    const path = pathIn(item);
    const bytes = Buffer.from(path, 'base64url');
    const forged = [...bytes.keys()].map((at) => {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      return changed.toString('base64url');
    });
    const about = { ref: cat.ref, seal: { key: bytes, nonce: bytes }, sizeBytes: 1 };
    const later = Date.now() / 1000 + 1000;
    forged.push('', 'AAAA', path.slice(0, -4), `${path}AAAA`, `${path}=`);
    forged.push(pathTo({ ...about, untilSeconds: later }, randomBytes(32)));
    for (const each of forged) expect(await network.serve?.(each)).toBeUndefined();
    expect(await network.serve?.(path)).toMatchObject({ sizeBytes: item.sizeBytes });

    const [key] = [...disk.values].flatMap(([name, value]) =>
      name.includes('file-key') ? [value] : [],
    );
    if (!key) throw new Error('no key');
    const offered = offeredAt(path, key);
    if (!offered) throw new Error('not ours');
    const over = pathTo({ ...offered, untilSeconds: Date.now() / 1000 - 1 }, key);
    expect(await network.serve?.(over)).toBeUndefined();
  });

  it('is refused where it is larger than the config allows, whatever is said of it', async () => {
    const { shows } = await scene({ maxFileBytes: plain.length - 1 });
    const refusal = { name: 'BridgeError', code: 'too_large', effect: 'none' };

    await expect(shows([cat])).rejects.toMatchObject(refusal);
    await expect(shows([{ ...cat, sizeBytes: 3 }])).rejects.toMatchObject(refusal);
  });

  it('is refused, with what is to be done, where the gatekeeper does not fetch from there', async () => {
    const { shows } = await scene({ host: 'bridge.elsewhere.example' });

    await expect(shows([cat])).rejects.toMatchObject({
      code: 'unsupported',
      words: expect.stringContaining('does not fetch files from bridge.elsewhere.example'),
    });
  });

  it('becomes an address in words where the world reaches nothing, or not by https', async () => {
    expect((await scene({ scheme: 'http' })).session.takesFiles).toBeUndefined();
    const opened = await openOn(await approved(server, domain(count++)));
    expect((await opened.enlist('ann')).session.takesFiles).toBeUndefined();
  });
});
