import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import {
  type MessageIds,
  type NetworkSession,
  type Part,
  remoteMessageId,
} from '../../../src/adapter/index.ts';
import { chat, speaker } from './bench.ts';
import { listening } from './listening.ts';
import type { Script, ScriptedClient } from './scripted-server.ts';

const REDACTION = [
  ...['message-tags', 'batch', 'server-time', 'echo-message', 'labeled-response'],
  'draft/message-redaction',
];

/** Does what it is asked for, and tells everybody. */
const redacting =
  (
    answer: (client: ScriptedClient, params: readonly string[]) => string,
  ): NonNullable<Script['deal']> =>
  (client, command, params) => {
    if (command !== 'REDACT') return false;
    const label = /label=([^; ]+)/.exec(client.lines.at(-1) ?? '')?.[1];
    const line = answer(client, params);
    client.say(`@label=${label} ${line}`);
    client.server.tell('#a', line, client);
    return true;
  };
const done = redacting(({ mask }, [target, id]) => `:${mask} REDACT ${target} ${id}`);

async function speaking(script: Script) {
  const opened = await listening(script);
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  return { ...opened, session, client: opened.server.client('ann[m]') };
}

async function parts(session: NetworkSession, ...target: readonly string[]) {
  const ids = target.map(remoteMessageId) as unknown as MessageIds;
  const action = { kind: 'removal', chat, speaker, target: ids } as const;
  const encoded = await session.on.removal?.encode?.(action, AbortSignal.timeout(5_000));
  return (encoded?.parts ?? []).map(
    (wire, n): Part<'removal'> => ({
      key: `r/${n}`,
      action,
      wire,
      firstTriedAtMs: systemClock.now(),
    }),
  );
}

const send = (session: NetworkSession, part: Part<'removal'>) =>
  session.on.removal!.send(part, AbortSignal.timeout(5_000));
const look = (session: NetworkSession, part: Part<'removal'>) =>
  session.on.removal!.lookup!(part, AbortSignal.timeout(5_000));

describe('a removal', () => {
  it('takes back each line of what was said, and is not told again', async () => {
    const { session, client, emitted } = await speaking({ caps: REDACTION, deal: done });
    for (const part of await parts(session, 'x1', 'x2'))
      expect(await send(session, part)).toEqual({ ids: [] });
    expect(client.lines.slice(-2)).toEqual([
      expect.stringMatching(/^@label=\w+ REDACT #a x1$/),
      expect.stringMatching(/^@label=\w+ REDACT #a x2$/),
    ]);
    expect(emitted).toEqual([]);
  });

  it('that the server does not allow is told to who wanted it', async () => {
    const deal = redacting(
      (_, [target, id]) => `:s FAIL REDACT REDACT_WINDOW_EXPIRED ${target} ${id} 60 :Too late`,
    );
    const { session } = await speaking({ caps: REDACTION, deal });
    const [part] = await parts(session, 'x1');
    await expect(send(session, part!)).rejects.toMatchObject({
      ...{ code: 'not_allowed', effect: 'none', words: 'the server says: Too late' },
    });
  });

  it.each([
    ['the server cannot', ['message-tags', 'echo-message', 'batch'], 'x1'],
    ['the server never knew the message', REDACTION, '~00000000-0000-0000-0000-000000000000'],
  ])('is said where %s', async (_, caps, target) => {
    const { session, client } = await speaking({ caps });
    for (const part of await parts(session, target)) await send(session, part);
    expect(client.sent('PRIVMSG')).toEqual(['PRIVMSG #a :\x01ACTION took back a message\x01']);
  });

  it('through the bot says who took it back', async () => {
    const { relay, bot } = await listening({ caps: [] });
    const session = await relay();
    for (const part of await parts(session, 'x1')) await send(session, part);
    expect(bot.sent('PRIVMSG')).toEqual(['PRIVMSG #a :* Ann took back a message']);
  });

  it('that was heard is done, and one that was not is not, as long as the bot has listened', async () => {
    const history = ['@time=2020-01-01T00:00:00.000Z;msgid=old :bob!b@h PRIVMSG #a :old'];
    const { session, bot, server } = await speaking({ caps: REDACTION, deal: done, history });
    const [part] = await parts(session, 'x1');
    expect(await look(session, part!)).toBe('absent');
    await send(session, part!);
    expect(await look(session, part!)).toMatchObject({ ids: [expect.anything()] });
    const [other] = await parts(session, 'x2');
    bot.cut();
    await vi.waitFor(() => expect(server.client('drawbridge').channels).toContain('#a'));
    await vi.waitFor(async () => expect(await look(session, other!)).toBe('cannot-tell'));
  });

  it('is told, once', async () => {
    const { emitted, bot, client } = await speaking({ caps: REDACTION });
    bot.say(':bob!b@h REDACT #a x1 :spam');
    const about = { kind: 'removal', sender: 'bob', target: 'x1', key: 'REDACT x1' };
    await vi.waitFor(() => expect(emitted).toMatchObject([{ ...about, chat }]));
    client.say(':bob!b@h REDACT ann[m] x1');
    await vi.waitFor(() =>
      expect(emitted.at(-1)).toMatchObject({ ...about, chat: 'bob', receiver: 'voice-ann' }),
    );
  });
});
