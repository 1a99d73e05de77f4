import { onTestFinished } from 'vitest';
import { loopback } from '../../../bridges/loopback/index.ts';
import {
  type Handler,
  type MatrixAction,
  type MatrixActionKind,
  type NetworkSession,
  type Part,
  type RemoteEvent,
  type RemoteMessageId,
  remoteChatId,
  type Voice,
} from '../../../src/adapter/index.ts';
import { memoryDisk, memoryHost } from '../../../src/testing/index.ts';
import {
  type LoopbackCertainty,
  type LoopbackPerson,
  loopbackPerson,
  startLoopbackNetwork,
} from '../../../src/testing/loopback-network/index.ts';

export const chat = remoteChatId('lobby');
export const { signal } = new AbortController();

/** A network, with somebody on it who sits in the lobby. */
export async function aNetwork(
  certainty: LoopbackCertainty = 'drops-repeats',
  maxLineBytes?: number,
) {
  const network = await startLoopbackNetwork({
    certainty,
    ...(maxLineBytes !== undefined && { maxLineBytes }),
  });
  onTestFinished(() => network.close());
  const bob = await loopbackPerson(network.url, { id: 'bob', displayName: 'Bob' });
  await bob.join('lobby');
  return { network, bob };
}

/** The adapter, opened as the core would. */
export async function open(
  url: string,
  certainty: LoopbackCertainty = 'drops-repeats',
  disk = memoryDisk(),
) {
  const memory = memoryHost({ config: loopback.config.parse({ url, certainty }), signal, disk });
  const remote = await loopback.open(memory.host);
  onTestFinished(() => remote.close());

  const session = async (voice: Voice) => {
    const opened = await remote.session(voice, signal);
    await opened.join?.(chat, signal);
    return opened;
  };
  return { ...memory, remote, session };
}

/** Walks the login as the core would, and opens the voice. */
export async function logIn(
  { remote, commit, voice }: Awaited<ReturnType<typeof open>>,
  { token }: Pick<LoopbackPerson, 'token'>,
  id = 'login',
): Promise<{ readonly login: Voice; readonly session: NetworkSession }> {
  const login = voice(id, 'login');
  const step = await remote.logins?.[0]?.start(login, signal);
  const done = step?.kind === 'ask' ? await step.submit({ token }, signal) : undefined;
  if (done?.kind !== 'done') throw new Error('The login did not end');
  await commit(done.save);
  return { login, session: await remote.session(login, signal) };
}

export const part = <K extends MatrixActionKind>(
  action: { readonly kind: K } & Readonly<Record<string, unknown>>,
  key: string = crypto.randomUUID(),
): Part<K> => {
  const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
  const whole = { chat, speaker, ...action } as unknown as MatrixAction<K>;
  return { key, action: whole, firstTriedAtMs: Date.now() };
};

/** Encodes and sends as the core would. @returns every id that the network gave. */
export async function carryOut<K extends MatrixActionKind>(
  handler: Handler<K> | undefined,
  action: { readonly kind: K } & Readonly<Record<string, unknown>>,
  key?: string,
): Promise<readonly RemoteMessageId[]> {
  const whole = part(action, key);
  const wires = (await handler?.encode?.(whole.action, signal))?.parts ?? [undefined];
  const ids: RemoteMessageId[] = [];
  for (const [n, wire] of wires.entries()) {
    const one = { ...whole, ...(wire && { wire }), ...(n > 0 && { key: `${whole.key}/${n}` }) };
    ids.push(...((await handler?.send(one, signal))?.ids ?? []));
  }
  return ids;
}

export const say = ({ on }: NetworkSession, text: string, key = text, to = chat) =>
  carryOut(on.message, { kind: 'message', chat: to, body: { text } }, key);

export const texts = (events: readonly RemoteEvent[]) =>
  events.flatMap((event) => (event.kind === 'message' ? [event.body.text] : []));
