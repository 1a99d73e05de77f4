import {
  type Handler,
  type NetworkSession,
  remoteChatId,
  remoteMessageId,
  remoteUserId,
  type Speaker,
  type Voice,
} from '#adapter';
import { whetherItArrived } from './certainty.ts';
import type { Certainty } from './config.ts';
import { oneLine } from './format.ts';
import type { Stream } from './stream.ts';
import { type EditedLine, fromWire, toEdits, toMessages, toWire } from './to-remote.ts';
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
  { certainty, maxLineBytes }: { certainty: Certainty; maxLineBytes: number | undefined },
  stream: Stream,
): NetworkSession {
  /** The relay borrows the name of whoever speaks. */
  const guise = ({ displayName }: Speaker) =>
    kind === 'relay' ? { guise: { name: oneLine(displayName) } } : {};

  const message: Handler<'message'> = {
    encode: async (action) => ({ parts: toMessages(action, maxLineBytes).map(toWire) }),
    async send({ key, wire, action: { chat, speaker } }, signal) {
      const said = { ...fromWire(wire), ...guise(speaker), key };
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
        encode: async (action) => ({ parts: toEdits(action, maxLineBytes).map(toWire) }),
        async send({ wire, action: { chat } }, signal) {
          const { id, ...words } = fromWire<EditedLine>(wire);
          const method = words.text === undefined ? 'DELETE' : 'PUT';
          await ask(`${method} ${at(chat)}/messages/${id}`, signal, words);
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
        // By the key: else it would put out once more whoever has come back.
        dropsRepeats: true,
        async send({ key, action: { chat, who, is, reason } }, signal) {
          const change = { is, key, ...(reason && { reason: oneLine(reason) }) };
          await ask(`POST ${at(chat)}/members/${encodeURIComponent(who)}`, signal, change);
          return { ids: [] };
        },
      },
      title: {
        dropsRepeats: true,
        async send({ action: { chat, name, topic } }, signal) {
          const now = {
            ...(name !== undefined && { name: oneLine(name) }),
            ...(topic !== undefined && { topic }),
          };
          await ask(`PATCH ${at(chat)}`, signal, now);
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
      const { kind, ...what } = hint;
      if (kind !== 'typing' && kind !== 'read') return;
      ask(`POST ${at(chat)}/${kind}`, closing, what).catch(() => {});
    },
    async close() {},
  };
}

const at = (chat: string) => `/chats/${encodeURIComponent(chat)}`;
