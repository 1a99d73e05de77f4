import {
  BridgeError,
  remoteChatId,
  remoteMessageId,
  type Sent,
} from '../../../../src/adapter/index.ts';
import { type Broken, changed, type Message, message, session } from './breaking.ts';

const ann = { userId: '@ann:example.org', displayName: 'Ann' };
const never = new AbortController().signal;
const soon = (work: () => unknown) => void setTimeout(work, 30);

/** Adapters that break what is promised of sending. */
export const brokenSending: readonly Broken[] = [
  {
    name: 'resolves before it has sent',
    promise: 'has sent when',
    adapter: message(({ send }) => ({
      async send(part, signal) {
        soon(() => send(part, signal).catch(() => {}));
        return { ids: [] };
      },
    })),
  },
  {
    name: 'sends the newest first',
    promise: 'keeps the order',
    adapter: message(({ send }) => {
      const held: Parameters<Message['send']>[] = [];
      return {
        async send(...given) {
          held.unshift(given);
          for (const one of held.length === 3 ? held : []) await send(...one);
          return { ids: [] };
        },
      };
    }),
  },
  {
    name: 'claims that the network drops repeats',
    promise: 'drops a repeat',
    certainty: 'nothing',
    adapter: message(() => ({ dropsRepeats: true })),
  },
  {
    name: 'hides that it sends a repeat',
    promise: 'drops a repeat',
    certainty: 'nothing',
    adapter: message(({ send }) => {
      const known = new Map<string, Sent>();
      return {
        dropsRepeats: true,
        async send(part, signal) {
          const sent = await send(part, signal);
          known.set(part.key, known.get(part.key) ?? sent);
          return known.get(part.key) ?? sent;
        },
      };
    }),
  },
  {
    name: 'makes up an id for a repeat',
    promise: 'drops a repeat',
    adapter: message(({ send }) => {
      const known = new Set<string>();
      return {
        async send(part, signal) {
          const sent = await send(part, signal);
          const isKnown = known.has(part.key);
          known.add(part.key);
          return isKnown ? { ids: [remoteMessageId('made-up')] } : sent;
        },
      };
    }),
  },
  {
    name: 'finds what was never sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({ lookup: async () => ({ ids: [remoteMessageId('m1')] }) })),
  },
  {
    name: 'finds another message than was sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({
      lookup: async ({ action }) =>
        action.body.text === 'sent' ? { ids: [remoteMessageId('m0')] } : 'absent',
    })),
  },
  {
    name: 'says absent of what was sent',
    promise: 'finds by `lookup`',
    adapter: message(() => ({ lookup: async () => 'absent' })),
  },
  {
    name: 'shows the message while it encodes it',
    promise: 'cuts an action into the same parts',
    adapter: message(({ encode, send }) => ({
      async encode(action, signal) {
        const encoded = (await encode?.(action, signal)) ?? { parts: [] };
        const part = { action, key: 'early', firstTriedAtMs: 0 };
        for (const wire of encoded.parts) await send({ ...part, wire }, signal);
        return encoded;
      },
    })),
  },
  {
    name: 'cuts differently each time',
    promise: 'cuts an action into the same parts',
    adapter: message(() => {
      let parts = 0;
      return { encode: async () => ({ parts: Array(++parts).fill(Buffer.from('x')) }) };
    }),
  },
  {
    name: 'fails when it is told something in passing',
    promise: 'takes what is said in passing',
    adapter: session(({ hint }) => ({
      hint(to, what) {
        if (to === 'nowhere') throw new Error('no such chat');
        hint?.(to, what);
      },
    })),
  },
  {
    name: 'sends on something in passing as if it were said',
    promise: 'takes what is said in passing',
    adapter: session(({ on }) => ({
      hint(chat) {
        const action = { kind: 'message', chat, body: { text: 'typing…' }, speaker: ann } as const;
        const wire = Buffer.from(JSON.stringify({ text: 'typing…' }));
        on.message.send({ key: 'x', action, wire, firstTriedAtMs: 0 }, never).catch(() => {});
      },
    })),
  },
  {
    name: 'heeds no signal',
    promise: 'gives up with a BridgeError',
    adapter: message(({ send }) => ({ send: (part) => send(part, never) })),
  },
  {
    name: 'gives up, says that nothing was sent, and has sent it',
    promise: 'gives up with a BridgeError',
    adapter: message(({ send }) => ({
      async send(part) {
        await send(part, never);
        throw new BridgeError('unreachable', 'given up', { effect: 'none' });
      },
    })),
  },
  {
    name: 'rejects with an error that says nothing',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(() => {
          throw new TypeError('undefined is not a chat');
        }),
    })),
  },
  {
    name: 'says elsewhere what was for an unknown chat',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(async (error) => {
          await send({ ...part, action: { ...part.action, chat: remoteChatId('lobby') } }, signal);
          throw error;
        }),
    })),
  },
  {
    name: 'is dead after the first refusal',
    promise: 'rejects with a BridgeError what is for an unknown chat',
    by: 'BridgeError',
    adapter: message(({ send }) => {
      let last: Promise<unknown> = Promise.resolve();
      return {
        send(part, signal) {
          const sent = last.then(() => send(part, signal));
          last = sent;
          return sent;
        },
      };
    }),
  },
  {
    name: 'denies what was seen',
    promise: 'neither loses nor doubles',
    fault: 'the connection is lost after it happened',
    adapter: message(({ send }) => ({
      send: (part, signal) =>
        send(part, signal).catch(() => {
          throw new BridgeError('unreachable', 'lost', { effect: 'none' });
        }),
    })),
  },
  {
    name: 'says that all went well whatever happened',
    promise: 'neither loses nor doubles',
    fault: 'an error before it happens',
    adapter: message(({ send }) => ({
      send: (part, signal) => send(part, signal).catch(() => ({ ids: [] })),
    })),
  },
  {
    name: 'tries again by itself in a doubt',
    promise: 'neither loses nor doubles',
    certainty: 'nothing',
    fault: 'an error after it happened',
    adapter: message(({ send }) => ({
      send: (part, signal) => send(part, signal).catch(() => send(part, signal)),
    })),
  },
  {
    name: 'tries again by itself before it admits a doubt',
    promise: 'neither loses nor doubles',
    certainty: 'nothing',
    fault: 'an error after it happened',
    adapter: message(({ send }) => ({
      async send(part, signal) {
        await send(part, signal).catch(() => send(part, signal));
        throw new BridgeError('unreachable', 'who knows', { effect: 'unknown' });
      },
    })),
  },
  {
    name: 'says absent before it has caught up',
    promise: 'neither loses nor doubles',
    certainty: 'echoes',
    fault: 'the connection is lost after it happened',
    adapter: changed(
      // The echo is held back, as when the stream lags.
      (host) => ({
        ...host,
        emit: async (events, save) => {
          await new Promise((resolve) => setTimeout(resolve, 100));
          await host.emit(events, save);
        },
      }),
      (network) => ({
        ...network,
        async session(voice, signal) {
          const session = await network.session(voice, signal);
          const own = { ...session.on.message, lookup: async () => 'absent' as const };
          return { ...session, on: { ...session.on, message: own } };
        },
      }),
    ),
  },
];
