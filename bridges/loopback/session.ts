import {
  BridgeError,
  type Handler,
  type MatrixAction,
  type NetworkSession,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
  type Speaker,
  type Voice,
} from '#adapter';
import type { Certainty } from './config.ts';
import { oneLine } from './format.ts';
import type { Stream } from './stream.ts';
import type { Ask } from './wire.ts';

/** A voice on the network: who it is there, and what it asks with. */
export interface Speaking {
  readonly kind: Voice['kind'];
  readonly account: string;
  readonly ask: Ask;
  /** Aborts when the network closes. */
  readonly closing: AbortSignal;
}

export function openSession(
  { kind, account, ask, closing }: Speaking,
  certainty: Certainty,
  stream: Stream,
): NetworkSession {
  /** The relay borrows the name of whoever speaks. */
  const guise = ({ displayName }: Speaker) =>
    kind === 'relay' ? { guise: { name: oneLine(displayName) } } : {};

  const message: Handler<'message'> = {
    async send({ key, action: { chat, speaker, body, replyTo } }, signal) {
      const said = { ...wordsOf(body), ...guise(speaker), replyTo, key };
      const { id } = await ask<{ id: string }>(`POST ${at(chat)}/messages`, signal, said);
      return { ids: [remoteMessageId(id)] };
    },
    ...whetherItArrived(certainty, ask, stream),
  };

  return {
    self: remoteUserId(account),
    ...(kind === 'relay' && { imitates: true as const }),
    on: {
      message,
      // The network keeps what is, not what was done: the same once more changes nothing.
      edit: {
        dropsRepeats: true,
        async send({ action: { chat, target, body } }, signal) {
          await ask(`PUT ${at(chat)}/messages/${target[0]}`, signal, wordsOf(body));
          return { ids: [] };
        },
      },
      removal: {
        dropsRepeats: true,
        async send({ action: { chat, target } }, signal) {
          for (const id of target) await ask(`DELETE ${at(chat)}/messages/${id}`, signal);
          return { ids: [] };
        },
      },
      reaction: {
        dropsRepeats: true,
        async send({ action: { chat, speaker, target, emoji, removed } }, signal) {
          const felt = { emoji, removed, ...guise(speaker) };
          await ask(`POST ${at(chat)}/messages/${target}/reactions`, signal, felt);
          return { ids: [] };
        },
      },
      member: {
        dropsRepeats: true,
        async send({ action: { chat, who, is, reason } }, signal) {
          const change = { is, ...(reason && { reason: oneLine(reason) }) };
          await ask(`POST ${at(chat)}/members/${encodeURIComponent(who)}`, signal, change);
          return { ids: [] };
        },
      },
    },
    join: (chat, signal) => ask(`POST ${at(chat)}/members/me`, signal, { is: 'in' }),
    leave: (chat, signal) => ask(`POST ${at(chat)}/members/me`, signal, { is: 'out' }),
    async direct(who, signal) {
      return remoteChatId((await ask<{ id: string }>('POST /direct', signal, { with: who })).id);
    },
    hint(chat, hint) {
      if (hint.kind !== 'typing') return;
      ask(`POST ${at(chat)}/typing`, closing, { forMs: hint.forMs }).catch(() => {});
    },
    async close() {},
  };
}

/** What is known after a doubt. Only one of these is true of a network: see its own manual. */
function whetherItArrived(certainty: Certainty, ask: Ask, stream: Stream) {
  const ways: Record<Certainty, Partial<Handler<'message'>>> = {
    'drops-repeats': { dropsRepeats: true },
    'look-up': {
      async lookup({ key }, signal) {
        const query = `GET /lookup?key=${encodeURIComponent(key)}`;
        const { id } = await ask<{ id?: string }>(query, signal);
        return id === undefined ? 'absent' : { ids: [remoteMessageId(id)] };
      },
    },
    echoes: {
      async lookup(_, signal) {
        const { end } = await ask<{ end: number }>('GET /me', signal);
        await stream.reached(end, signal);
        return 'absent';
      },
    },
    nothing: {},
  };
  return ways[certainty];
}

const at = (chat: string) => `/chats/${encodeURIComponent(chat)}`;

function wordsOf({ text, html, as, media }: MatrixAction<'message'>['body']) {
  if (media?.length) throw new BridgeError('unsupported', 'no files here', { effect: 'none' });
  return { text, html, style: as };
}
