import type { FeedPage } from './network.ts';
import type { MembershipChange, Words } from './record.ts';

/** Somebody on the network with a client of their own: what a test types on the other side. */
export interface LoopbackPerson {
  readonly id: string;
  readonly token: string;
  /** Posts, and gives back the message's id. */
  say(
    chat: string,
    text: string,
    more?: Partial<Words> & { replyTo?: string; key?: string },
  ): Promise<string>;
  edit(chat: string, message: string, text: string): Promise<void>;
  remove(chat: string, message: string): Promise<void>;
  react(chat: string, message: string, emoji: string, removed?: boolean): Promise<void>;
  join(chat: string): Promise<void>;
  leave(chat: string): Promise<void>;
  /** Does something to somebody: `out` kicks. */
  setMember(chat: string, who: string, is: MembershipChange, reason?: string): Promise<void>;
  rename(displayName: string): Promise<void>;
  setChat(chat: string, to: { name?: string; topic?: string }): Promise<void>;
  /** The private chat with somebody. */
  direct(who: string): Promise<string>;
  typing(chat: string, forMs: number): Promise<void>;
  /** Has read this message, and what came before it. */
  read(chat: string, upTo: string): Promise<void>;
  /** One page of what this person sees. */
  events(after: number, waitMs?: number): Promise<FeedPage>;
}

/**
 * Signs somebody up, or speaks with a token that they have.
 *
 * @throws when the network refuses: the message says why.
 */
export async function loopbackPerson(
  url: string,
  who: { readonly id: string; readonly displayName?: string } | { readonly token: string },
): Promise<LoopbackPerson> {
  const signedUp = 'token' in who ? who : await ask<{ token: string }>(url, 'POST /accounts', who);
  const { token } = signedUp;
  const call = <T>(what: string, body?: unknown) => ask<T>(url, what, body, token);
  const done = async (what: string, body?: unknown) => void (await call(what, body));
  const { id } = await call<{ id: string }>('GET /me');
  const at = (chat: string, rest = '') => `/chats/${encodeURIComponent(chat)}${rest}`;
  return {
    id,
    token,
    say: async (chat, text, more) =>
      (await call<{ id: string }>(`POST ${at(chat, '/messages')}`, { text, ...more })).id,
    edit: (chat, message, text) => done(`PUT ${at(chat, `/messages/${message}`)}`, { text }),
    remove: (chat, message) => done(`DELETE ${at(chat, `/messages/${message}`)}`),
    react: (chat, message, emoji, removed = false) =>
      done(`POST ${at(chat, `/messages/${message}/reactions`)}`, { emoji, removed }),
    join: (chat) => done(`POST ${at(chat, '/members/me')}`, { is: 'in' }),
    leave: (chat) => done(`POST ${at(chat, '/members/me')}`, { is: 'out' }),
    setMember: (chat, member, is, reason) =>
      done(`POST ${at(chat, `/members/${member}`)}`, { is, ...(reason && { reason }) }),
    rename: (displayName) => done('PATCH /me', { displayName }),
    setChat: (chat, to) => done(`PATCH ${at(chat)}`, to),
    direct: async (other) => (await call<{ id: string }>('POST /direct', { with: other })).id,
    typing: (chat, forMs) => done(`POST ${at(chat, '/typing')}`, { forMs }),
    read: (chat, upTo) => done(`POST ${at(chat, '/read')}`, { upTo }),
    events: (after, waitMs = 0) => call(`GET /events?after=${after}&waitMs=${waitMs}`),
  };
}

async function ask<T>(url: string, what: string, body?: unknown, token?: string): Promise<T> {
  const [method = 'GET', path = '/'] = what.split(' ');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as T & { readonly message: string };
  if (!response.ok) throw new Error(`${what}: ${response.status} ${answer.message}`);
  return answer;
}
