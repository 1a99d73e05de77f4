import { type NetworkAdapter, remoteChatId, remoteUserId } from '#adapter';
import { whois } from './commands.ts';
import { Config } from './config.ts';
import { meaningOf, voicesIn } from './from-remote.ts';
import { openSession } from './session.ts';
import { Stream } from './stream.ts';
import { clientOf, known, tokenLogin } from './voices.ts';
import {
  askAs,
  type ChatFacts,
  type FoundFacts,
  type HistoryFacts,
  type Me,
  type Page,
  type UserFacts,
} from './wire.ts';

/** The small network that comes with the project: the adapter to read first, and to copy. */
export const loopback: NetworkAdapter<Config> = {
  id: 'loopback',
  displayName: 'Loopback',
  config: Config,
  voices: ['login', 'enlisted', 'relay'],

  async open(host) {
    const { url, botToken, certainty } = host.config;
    const bot = askAs(url, botToken);
    const { end, maxLineBytes } = await bot<Me>('GET /me', host.signal);
    const understand = async (page: Page) => meaningOf(page, await known(voicesIn(page), host));

    const stream = new Stream(host, bot, understand);
    await stream.beginAt(end);
    const closing = new AbortController();
    const listening = stream.run(AbortSignal.any([closing.signal, host.signal]));

    return {
      logins: [tokenLogin(bot)],
      commands: [whois(bot)],

      async session(voice, signal) {
        const { id, token } = await clientOf(voice, bot, signal);
        const ask = askAs(url, token);
        const speaking = { kind: voice.kind, account: id, ask, closing: closing.signal };
        return openSession(speaking, { certainty, maxLineBytes }, stream);
      },

      forget: ({ id }, signal) => bot(`DELETE /clients/${encodeURIComponent(id)}`, signal),

      async resolve(name, signal) {
        const query = `GET /resolve?name=${encodeURIComponent(name)}`;
        const { chat, user } = await bot<FoundFacts>(query, signal);
        if (chat !== undefined) return { chat: remoteChatId(chat) };
        return user === undefined ? undefined : { user: remoteUserId(user) };
      },

      async user(id, signal) {
        const path = `GET /users/${encodeURIComponent(id)}`;
        const { displayName, kind } = await bot<UserFacts>(path, signal);
        return { name: displayName, isBot: kind === 'bot' };
      },

      async chat({ chat }, signal) {
        const found = await bot<ChatFacts>(`GET /chats/${encodeURIComponent(chat)}`, signal);
        const { kind, name, topic, members } = found;
        const others = members.filter(({ ours }) => !ours).map(({ id }) => remoteUserId(id));
        return { kind, ...(name && { name }), ...(topic && { topic }), members: others };
      },

      async history({ chat, receiver, before, limit }, signal) {
        const from = before === undefined ? '' : `&before=${before}`;
        const path = `/chats/${encodeURIComponent(chat)}/messages?limit=${limit}${from}`;
        const { events: items, before: older } = await bot<HistoryFacts>(`GET ${path}`, signal);
        const { events } = await understand({ events: items, hints: [], next: 0 });
        return {
          events: events.filter((event) => event.receiver === receiver),
          ...(older !== undefined && { before: String(older) }),
        };
      },

      async close() {
        closing.abort();
        await listening;
      },
    };
  },
};
