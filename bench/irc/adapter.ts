import { setMaxListeners } from 'node:events';
import { irc } from '../../bridges/irc/index.ts';
import { type NetworkSession, type Part, remoteChatId } from '../../src/adapter/index.ts';
import { memoryHost } from '../../src/testing/memory-host.ts';
import { type Asked, nowMs, type Order, type Told } from './orders.ts';

/**
 * The IRC adapter in a process of its own, so that what it weighs is its own. Started with
 * `--expose-gc`, and told what to do by its parent.
 */
const ending = new AbortController();
const { signal } = ending;
// Every voice listens to it.
setMaxListeners(0, signal);
const sessions = new Map<string, NetworkSession>();
const tell = (told: Told) => process.send?.(told);

async function open(port: number) {
  const config = irc.config.parse({
    ...{ host: '127.0.0.1', port, tls: false, maxConnections: 1_000 },
    // This server is told to bear it; what a network allows is its operator's to say.
    ...{ connectBurst: 1_000, lineBurst: 5, lineIntervalMs: 1_300 },
  });
  const memory = memoryHost({ config, signal });
  const { emit } = memory.host;
  const host: typeof memory.host = {
    ...memory.host,
    async emit(events, save) {
      for (const event of [events].flat())
        if (event.kind === 'message' && event.echoOf === undefined)
          tell({ heard: event.body.text, atMs: nowMs() });
      await emit(events, save);
    },
  };
  return { memory, network: await irc.open(host) };
}

let opened: Awaited<ReturnType<typeof open>>;

async function say({ name, channel, lines }: Extract<Order, { do: 'say' }>): Promise<void> {
  const handler = sessions.get(name)?.on.message;
  const chat = remoteChatId(channel);
  const speaker = { userId: `@${name}:example.org`, displayName: name };
  for (const text of lines) {
    const action = { kind: 'message', chat, speaker, body: { text } } as const;
    const wires = (await handler?.encode?.(action, signal))?.parts ?? [];
    for (const [index, wire] of wires.entries()) {
      const key = `${name} ${text} ${index}`;
      const part: Part<'message'> = { key, wire, action, firstTriedAtMs: Date.now() };
      await handler?.send(part, signal);
    }
  }
}

async function carryOut(order: Order): Promise<number | undefined> {
  switch (order.do) {
    case 'open':
      opened = await open(order.port);
      return undefined;
    case 'watch': {
      const all = order.channels.map((channel) =>
        opened.network.watch?.({ chat: remoteChatId(channel) }, undefined, signal),
      );
      await Promise.all(all);
      return undefined;
    }
    case 'enlist': {
      const voice = opened.memory.voice(order.name, 'enlisted');
      const session = await opened.network.session(voice, signal);
      sessions.set(order.name, session);
      await session.join?.(remoteChatId(order.channel), signal);
      return undefined;
    }
    case 'say':
      await say(order);
      return undefined;
    case 'weigh':
      globalThis.gc?.();
      return process.memoryUsage().rss;
    case 'close':
      await opened.network.close();
      return undefined;
  }
}

process.on('message', ({ number, order }: Asked) => {
  carryOut(order).then(
    (bytes) => tell({ number, ...(bytes !== undefined && { bytes }) }),
    (error: unknown) => tell({ number, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(1));
