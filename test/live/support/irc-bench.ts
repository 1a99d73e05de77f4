import { onTestFinished, vi } from 'vitest';
import { irc } from '../../../bridges/irc/index.ts';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import {
  type MessageBody,
  type NetworkSession,
  type Newest,
  type Part,
  type RemoteEvent,
  type RemoteMessageId,
  remoteChatId,
} from '../../../src/adapter/index.ts';
import { type MemoryDisk, memoryDisk, memoryHost } from '../../../src/testing/index.ts';
import type { IrcServer, IrcServerOptions } from '../servers/irc.ts';
import { IrcPerson } from './irc-person.ts';

export const chat = remoteChatId('#a');
export const patient = { timeout: 30_000, interval: 20 };

/** These servers are told to bear any haste. */
export const hasty = {
  lineIntervalMs: 0,
  lineBurst: 100,
  reconnectBaseMs: 20,
  reconnectMaxMs: 500,
};

/** A server until the end of the test. */
export async function serve(
  start: (options: IrcServerOptions) => Promise<IrcServer>,
  options: IrcServerOptions,
): Promise<IrcServer> {
  const server = await start(options);
  onTestFinished(() => server.stop());
  return server;
}

export async function enter(server: IrcServer, nick: string): Promise<IrcPerson> {
  const person = await IrcPerson.enter(server.port, nick);
  onTestFinished(() => person.quit());
  await person.join('#a');
  return person;
}

export async function open(port: number, options = {}, disk: MemoryDisk = memoryDisk()) {
  const config = irc.config.parse({ host: '127.0.0.1', port, tls: false, ...hasty, ...options });
  const ending = new AbortController();
  const { signal } = ending;
  const memory = memoryHost({ config, signal, disk });
  const network = await irc.open(memory.host);
  const close = async () => {
    await network.close();
    ending.abort();
  };
  onTestFinished(close);
  const enlist = async (name: string) => {
    const session = await network.session(memory.voice(name, 'enlisted'), signal);
    await session.join?.(chat, signal);
    return session;
  };
  const watch = (newest?: Newest) => network.watch?.({ chat }, newest, signal);
  return { ...memory, network, signal, close, enlist, watch };
}

/** The bridge with one voice on a server, and a person. */
export async function meeting(server: IrcServer) {
  const bob = await enter(server, 'bob');
  const opened = await open(server.port);
  await opened.watch();
  const ann = await opened.enlist('ann');
  const emits = (check: () => void) => vi.waitFor(check, patient);
  return { ...opened, server, bob, ann, emits };
}

export const partsOf = (session: NetworkSession, text: string, to = chat) =>
  partsOfBody(session, { text }, { to });

interface Said {
  readonly to?: typeof chat;
  readonly replyTo?: RemoteMessageId;
}

async function partsOfBody(
  session: NetworkSession,
  body: MessageBody,
  { to = chat, replyTo }: Said,
) {
  const speaker = { userId: '@ann:example.org', displayName: 'Ann' };
  const reply = replyTo === undefined ? {} : { replyTo };
  const action = { kind: 'message', chat: to, speaker, body, ...reply } as const;
  const encoded = await session.on.message.encode?.(action, AbortSignal.timeout(5_000));
  const about = { action, firstTriedAtMs: systemClock.now() };
  return (encoded?.parts ?? []).map(
    (wire, n): Part<'message'> => ({ key: `${body.text}/${n}`, wire, ...about }),
  );
}

/** @returns the ids that it got. */
export async function sayBody(session: NetworkSession, body: MessageBody, said: Said = {}) {
  const ids: RemoteMessageId[] = [];
  for (const part of await partsOfBody(session, body, said))
    ids.push(...(await session.on.message.send(part, AbortSignal.timeout(100_000))).ids);
  return ids;
}

export async function say(session: NetworkSession, text: string, to = chat): Promise<void> {
  for (const part of await partsOf(session, text, to))
    await session.on.message.send(part, AbortSignal.timeout(100_000));
}

/** What was said, by whom, whatever else happened. */
export const words = (events: readonly RemoteEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'message' && event.echoOf === undefined
      ? [`${event.sender}: ${event.body.text}`]
      : [],
  );
export const moves = (events: readonly RemoteEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'member' ? [`${event.voice ?? event.who} ${event.is}`] : [],
  );
