import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { gatekeeperWith } from '../../../bridges/gatekeeper/index.ts';
import { moveProvider } from '../../../gatekeeper/admin/providers.ts';
import { publicJwkOf, thumbprintOf } from '../../../gia/index.ts';
import type {
  MatrixAction,
  MatrixActionKind,
  NetworkSession,
  RemoteChatId,
  RemoteEvent,
  RemoteUserId,
  Sent,
} from '../../../src/adapter/index.ts';
import {
  type MemoryDisk,
  type MemoryHostOptions,
  memoryDisk,
  memoryHost,
} from '../../../src/testing/index.ts';
import type { TestGatekeeper } from '../../gatekeeper/support/gatekeeper.ts';
import { TestProvider } from '../../gatekeeper/support/provider.ts';

const adapter = gatekeeperWith(50);

/** A provider that the gatekeeper has approved, and what its bridge needs to speak for it. */
export async function approved(server: TestGatekeeper, domain: string, { trustsAuth = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return (await approvedIn(folder, server, { domain, trustsAuth })).options;
}

/** The same, with its files in this folder. */
export async function approvedIn(
  folder: string,
  server: TestGatekeeper,
  { domain, trustsAuth = true }: { readonly domain: string; readonly trustsAuth?: boolean },
) {
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeFile(join(folder, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
  await writeFile(join(folder, 'ca.pem'), server.certificate);
  const provider = new TestProvider(domain, server, jwksOf(privateKey));
  expect((await server.call('POST', '/provider-requests', provider.request)).status).toBe(202);
  moveProvider(server.admin, domain, { to: 'operational', trustsAuth });
  const files = { keyFile: join(folder, 'key.pem'), caFile: join(folder, 'ca.pem') };
  const names = { plainNamesOf: 'example.org', findable: true };
  return { provider, options: { url: server.origin, domain, ...files, ...names } };
}

function jwksOf(privateKey: KeyObject) {
  const jwk = publicJwkOf(privateKey);
  return { jwk: { ...jwk, kid: thumbprintOf(jwk) }, privateKey } as never;
}

export type Options = Awaited<ReturnType<typeof approved>> & {
  suites?: readonly string[];
  operator?: string;
  maxFileBytes?: number;
};

/** The adapter, opened as the core would open it. It is closed when the test ends. */
export async function openOn(
  options: Options,
  disk: MemoryDisk = memoryDisk(),
  more: Pick<MemoryHostOptions<unknown>, 'publicUrl' | 'media'> = {},
) {
  const ending = new AbortController();
  const { signal } = ending;
  const memory = memoryHost({
    config: adapter.config.parse(options),
    signal,
    disk,
    ...more,
  });
  // The core knows the voices of its database before a network is open.
  const voice = (name: string) => memory.voice(name, 'enlisted', name);
  voice('ann');
  const network = await adapter.open(memory.host);
  const close = async () => {
    if (signal.aborted) return;
    await network.close();
    ending.abort();
  };
  onTestFinished(close);
  const enlist = async (name = 'ann') => {
    const session = await network.session(voice(name), signal);
    return { session, self: session.self as RemoteUserId };
  };
  const until = (isSo: () => boolean) =>
    vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 5_000 });
  const heard = (...events: string[]) =>
    vi.waitFor(() => expect(shown(memory.emitted)).toEqual(events), { timeout: 5_000 });
  return { ...memory, network, signal, close, enlist, heard, until };
}

export type Opened = Awaited<ReturnType<typeof openOn>>;

/** Carries an action out as the core would: encoded and committed, then sent; anew from `encode` where it is stale. */
export async function act<K extends MatrixActionKind>(
  { commit, signal }: Opened,
  session: NetworkSession,
  { key, ...action }: { readonly key: string } & Omit<MatrixAction<K>, 'speaker'>,
): Promise<Sent> {
  const speaker = { userId: '@ann:example.org', displayName: 'ann' };
  const whole = { ...action, speaker } as unknown as MatrixAction<K>;
  const handler = session.on[whole.kind] as NonNullable<NetworkSession['on'][K]>;
  for (;;) {
    try {
      const encoded = await handler.encode?.(whole as never, signal);
      await commit(encoded?.save);
      const [wire = new Uint8Array()] = encoded?.parts ?? [];
      const part = { key, action: whole, wire, firstTriedAtMs: Date.now() } as never;
      return await handler.send(part, signal);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'stale') throw error;
    }
  }
}

export const say = (opened: Opened, session: NetworkSession, chat: RemoteChatId, text: string) =>
  act<'message'>(opened, session, { kind: 'message', key: `say-${text}`, chat, body: { text } });

/** Events as few words. */
export const shown = (events: readonly RemoteEvent[]): readonly string[] =>
  events.map((event) => {
    if (event.kind === 'message') return event.body.text;
    if (event.kind === 'edit') return `edit: ${event.body.text}`;
    if (event.kind === 'reaction') return `reaction: ${event.emoji}`;
    return event.kind;
  });
