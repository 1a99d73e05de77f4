import { onTestFinished } from 'vitest';
import { ircOn } from '../../../bridges/irc/index.ts';
import { type Clock, systemClock } from '../../../bridges/irc/wire/clock.ts';
import {
  type NetworkSession,
  type Newest,
  type Part,
  type RemoteEvent,
  remoteChatId,
} from '../../../src/adapter/index.ts';
import { type MemoryDisk, memoryDisk, memoryHost } from '../../../src/testing/index.ts';

export const chat = remoteChatId('#a');
export const speaker = { userId: '@ann:example.org', displayName: 'Ann' };

/** Limits that no test has to wait for. */
const fast = {
  tls: false,
  lineIntervalMs: 0,
  reconnectBaseMs: 10,
  reconnectMaxMs: 50,
  connectTimeoutMs: 5_000,
};

export interface Around {
  readonly disk?: MemoryDisk;
  readonly clock?: Clock;
}

/** The adapter, opened on a server as the core would open it. It is closed when the test ends. */
export async function openOn(
  port: number,
  options: Readonly<Record<string, unknown>> = {},
  { disk = memoryDisk(), clock = systemClock }: Around = {},
) {
  const irc = ircOn(clock);
  const config = irc.config.parse({ host: '127.0.0.1', port, ...fast, ...options });
  const ending = new AbortController();
  const { signal } = ending;
  const memory = memoryHost({ config, signal, disk });
  const network = await irc.open(memory.host);
  const close = async () => {
    await network.close();
    ending.abort();
  };
  onTestFinished(close);
  return {
    ...memory,
    network,
    signal,
    close,
    watch: (newest?: Newest) => network.watch?.({ chat }, newest, signal),
    enlist: (name = 'ann', displayName = name) =>
      network.session(memory.voice(`voice-${name}`, 'enlisted', displayName), signal),
    relay: () => network.session(memory.voice('voice-relay', 'relay'), signal),
  };
}

/** The parts of a text, as they would be on disk before the first is sent. */
export async function partsOf(
  session: NetworkSession,
  text: string,
  { key = text, to = chat, link }: { key?: string; to?: typeof chat; link?: string } = {},
): Promise<readonly Part<'message'>[]> {
  const said = { kind: 'message', chat: to, speaker, body: { text } } as const;
  const action = link === undefined ? said : { ...said, link };
  const encoded = await session.on.message.encode?.(action, AbortSignal.timeout(5_000));
  const firstTriedAtMs = systemClock.now();
  return (encoded?.parts ?? []).map((wire, n) => ({
    key: `${key}/${n}`,
    action,
    wire,
    firstTriedAtMs,
  }));
}

export async function say(session: NetworkSession, text: string, key = text, to = chat) {
  const sent = [];
  for (const part of await partsOf(session, text, { key, to }))
    sent.push(await session.on.message.send(part, AbortSignal.timeout(5_000)));
  return sent;
}

/** Events as few words. */
export const shown = (events: readonly RemoteEvent[]): readonly string[] =>
  events.map((event) => {
    const to = event.receiver ? ` to ${event.receiver}` : '';
    if (event.kind === 'message') {
      const echo = event.echoOf === undefined ? '' : ` (echo of ${event.echoOf})`;
      return `${event.sender}${to}: ${event.body.text}${echo}`;
    }
    if (event.kind !== 'member') return event.kind;
    const by = event.sender === event.who ? '' : ` by ${event.sender}`;
    return `${event.voice ?? event.who} ${event.is}${by}`;
  });
