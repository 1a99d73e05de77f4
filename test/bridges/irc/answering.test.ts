import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import {
  type NetworkSession,
  type Part,
  type RemoteMessageId,
  remoteMessageId,
} from '../../../src/adapter/index.ts';
import { chat, speaker } from './bench.ts';
import { enter, listening } from './listening.ts';
import type { Script } from './scripted-server.ts';

/** A voice in a channel in which Bob has said something. */
async function answering(script: Script = {}, options: object = {}) {
  const opened = await listening(script, undefined, {}, options);
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const bob = await enter(opened.server, 'bob');
  const says = (line: string) => opened.server.tell('#a', line.replace('BOB', `:${bob.mask}`));
  says('@msgid=x1 BOB PRIVMSG #a :who is there, \x02now\x02 and later, on the other side of it?');
  await vi.waitFor(() => expect(opened.emitted.at(-1)?.kind).toBe('message'));
  const { id } = opened.emitted.at(-1) as { id: RemoteMessageId };
  return { ...opened, session, says, id, client: opened.server.client('ann[m]') };
}

const signal = () => AbortSignal.timeout(5_000);

async function answer(session: NetworkSession, text: string, replyTo: RemoteMessageId) {
  const action = { kind: 'message', chat, speaker, body: { text }, replyTo } as const;
  const encoded = await session.on.message.encode?.(action, signal());
  for (const [n, wire] of (encoded?.parts ?? []).entries())
    await session.on.message.send({ key: `k/${n}`, action, wire, firstTriedAtMs: 0 }, signal());
}

async function reaction(session: NetworkSession, target: RemoteMessageId, more: object = {}) {
  const plain = { kind: 'reaction', chat, speaker, target, emoji: '👍', removed: false } as const;
  const action = { ...plain, ...more };
  const encoded = await session.on.reaction?.encode?.(action, signal());
  const [wire] = encoded?.parts ?? [];
  const part: Part<'reaction'> = {
    key: 'r/0',
    action,
    wire: wire!,
    firstTriedAtMs: systemClock.now(),
  };
  return {
    send: () => session.on.reaction!.send(part, signal()),
    look: () => session.on.reaction?.lookup?.(part, signal()),
    part,
  };
}

describe('an answer', () => {
  it('says by a tag what it answers, on its first line', async () => {
    const { session, client, id } = await answering();
    await answer(session, 'me\nand you', id);
    expect(client.lines.slice(-2)).toEqual([
      expect.stringMatching(
        /^@label=\w+;\+reply=x1;\+draft\/reply=x1;\+drawbridge\.dev\/key=k\/0 PRIVMSG #a me$/,
      ),
      expect.stringMatching(/^@label=\w+;\+drawbridge\.dev\/key=k\/1 PRIVMSG #a :and you$/),
    ]);
  });

  it.each([
    ['no tags at all', { caps: [] }],
    ['no such tags', { isupport: ['CLIENTTAGDENY=*,-drawbridge.dev/key'] }],
  ])('quotes what it answers on a server that passes %s on', async (_, script) => {
    const { session, client, id } = await answering(script);
    await answer(session, 'me', id);
    expect(client.sent('PRIVMSG')).toEqual([
      'PRIVMSG #a :bob: "who is there, now and later, on the other side of…" <- me',
    ]);
  });

  it('quotes what the server has given no id', async () => {
    const { session, client, says, emitted, id } = await answering();
    says('BOB PRIVMSG #a :and you?');
    await vi.waitFor(() => expect(emitted.at(-1)).not.toMatchObject({ id }));
    await answer(session, 'me', (emitted.at(-1) as { id: RemoteMessageId }).id);
    expect(client.sent('PRIVMSG')).toEqual(['PRIVMSG #a :bob: "and you?" <- me']);
  });

  it('quotes as the operator wants it, or not', async () => {
    const made = await answering({ caps: [] }, { replyQuote: '{nick}: ' });
    await answer(made.session, 'me', made.id);
    expect(made.client.sent('PRIVMSG')).toEqual(['PRIVMSG #a :bob: me']);
  });

  it('stands alone where what it answers is not remembered', async () => {
    const { session, client } = await answering({ caps: [] });
    await answer(session, 'me', remoteMessageId('~other'));
    expect(client.sent('PRIVMSG')).toEqual(['PRIVMSG #a me']);
  });

  it.each(['+reply', '+draft/reply'])('is told as one: %s', async (tag) => {
    const { says, emitted } = await answering();
    says(`@msgid=x2;${tag}=x1 BOB PRIVMSG #a :me`);
    await vi.waitFor(() => expect(emitted.at(-1)).toMatchObject({ id: 'x2', replyTo: 'x1' }));
  });
});

describe('a reaction', () => {
  it('is said by a tag, and certain when it comes back', async () => {
    const { session, client, id, emitted } = await answering();
    const count = emitted.length;
    expect(await (await reaction(session, id)).send()).toEqual({ ids: ['m1'] });
    expect(client.lines.at(-1)).toMatch(
      /^@label=\w+;\+reply=x1;\+draft\/reply=x1;\+draft\/react=👍;\+drawbridge\.dev\/key=r\/0 TAGMSG #a$/,
    );
    await (await reaction(session, id, { removed: true })).send();
    expect(client.lines.at(-1)).toContain(';+draft/unreact=👍;');
    expect(emitted).toHaveLength(count);
  });

  it('is known by its key when it comes back without a label', async () => {
    const {
      session,
      id,
      signal: open,
    } = await answering({
      caps: ['message-tags', 'echo-message', 'batch'],
    });
    session.hint?.(chat, { kind: 'typing', forMs: 1_000 });
    expect(await (await reaction(session, id)).send()).toEqual({ ids: ['m2'] });
    expect(open.aborted).toBe(false);
  });

  it('is said in words where no such tag is passed on, and cannot be taken back then', async () => {
    const { session, client, id } = await answering({ caps: [] });
    await (await reaction(session, id)).send();
    expect(client.sent('PRIVMSG')).toEqual([
      'PRIVMSG #a :\x01ACTION reacted with 👍 to "who is there, now and later, on the other side of…"\x01',
    ]);
    await expect(reaction(session, id, { removed: true })).rejects.toMatchObject({
      code: 'unsupported',
      effect: 'none',
    });
  });

  it("through the bot says whose it is, as a tag would say the bot's", async () => {
    const { relay, bot, id } = await answering();
    await (await reaction(await relay(), id)).send();
    expect(bot.sent('PRIVMSG')).toEqual([
      'PRIVMSG #a :* Ann reacted with 👍 to "who is there, now and later, on the other side of…"',
    ]);
    expect(bot.sent('TAGMSG')).toEqual([]);
  });

  it('that is a speech is said as one', async () => {
    const { session, client, id } = await answering();
    await (await reaction(session, id, { emoji: 'x'.repeat(101) })).send();
    expect(client.sent('PRIVMSG')).toHaveLength(1);
  });

  it('that was heard is found, and one that was not is not there, as long as the bot has listened', async () => {
    const { session, id } = await answering();
    const { send, look, part } = await reaction(session, id);
    expect(await look()).toBe('absent');
    await send();
    expect(await look()).toEqual({ ids: ['m1'] });
    expect(part.key).toBe('r/0');
  });

  it('is in no history, so nobody can tell what became of it once the bot was away', async () => {
    const history = ['@time=2020-01-01T00:00:00.000Z;msgid=old :bob!b@h PRIVMSG #a :old'];
    const { session, id, bot, server } = await answering({ history });
    const { look } = await reaction(session, id);
    bot.cut();
    await vi.waitFor(() => expect(server.client('drawbridge').channels).toContain('#a'));
    await vi.waitFor(async () => expect(await look()).toBe('cannot-tell'));
  });

  it('is told, with what it is a reaction to, and so is that it was taken back', async () => {
    const { says, emitted } = await answering();
    says('@msgid=x2;+draft/reply=x1;+draft/react=🎉 BOB TAGMSG #a');
    says('@msgid=x3;+reply=x1;+draft/unreact=🎉 BOB TAGMSG #a');
    says('@msgid=x4;+draft/react=🎉 BOB TAGMSG #a');
    says('@msgid=x5;+reply=x1;+draft/react= BOB TAGMSG #a');
    says('@msgid=x6;+reply=x1;+draft/react=lol BOB TAGMSG #a');
    const about = { kind: 'reaction', chat, sender: 'bob', target: 'x1' };
    await vi.waitFor(() =>
      expect(emitted.slice(-3)).toMatchObject([
        { ...about, emoji: '🎉', removed: false, key: 'x2' },
        { ...about, emoji: '🎉', removed: true, key: 'x3' },
        { ...about, emoji: 'lol', removed: false, key: 'x6' },
      ]),
    );
  });

  it('to somebody alone is told to that voice', async () => {
    const { client, emitted } = await answering();
    client.say('@msgid=p1;+reply=x9;+draft/react=lol :bob!b@h TAGMSG ann[m]');
    await vi.waitFor(() =>
      expect(emitted.at(-1)).toMatchObject({
        ...{ kind: 'reaction', chat: 'bob', receiver: 'voice-ann', target: 'x9', emoji: 'lol' },
      }),
    );
  });
});
