import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import type { MessageBody, MessageIds, RemoteMessageId } from '../../../src/adapter/index.ts';
import { chat, say, speaker } from './bench.ts';
import { listening } from './listening.ts';

const before = 'I think that we should meet on monday at the station';
const after = before.replace('monday', 'tuesday');

async function editing(options: object = {}) {
  const opened = await listening({}, undefined, {}, options);
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const edit = async (ids: readonly RemoteMessageId[], body: MessageBody, key = 'e') => {
    const action = { kind: 'edit', chat, speaker, target: ids as MessageIds, body } as const;
    const encoded = await session.on.edit?.encode?.(action, AbortSignal.timeout(5_000));
    for (const [n, wire] of (encoded?.parts ?? []).entries()) {
      const part = { key: `${key}/${n}`, action, wire, firstTriedAtMs: systemClock.now() };
      await session.on.edit?.send(part, AbortSignal.timeout(5_000));
    }
  };
  const client = opened.server.client('ann[m]');
  return { ...opened, session, edit, client, last: () => client.sent('PRIVMSG').at(-1) };
}

describe('an edit', () => {
  it('says what has changed since it was said, or was edited last', async () => {
    const { session, edit, last } = await editing();
    const [{ ids } = { ids: [] }] = await say(session, before);
    await edit(ids, { text: after });
    expect(last()).toBe('PRIVMSG #a s/monday/tuesday/');
    await edit(ids, { text: after.replace('station', 'harbour') }, 'again');
    expect(last()).toBe('PRIVMSG #a s/station/harbour/');
  });

  it.each([
    ['that is not wanted otherwise', { shortEdits: false }, { text: after }, after],
    ['what changed is much', {}, { text: 'no' }, 'no'],
  ])('says all of it again where %s', async (_, options, body, said) => {
    const { session, edit, last } = await editing(options);
    const [{ ids } = { ids: [] }] = await say(session, before);
    await edit(ids, body);
    expect(last()).toBe(`PRIVMSG #a :* ${said}`);
  });

  it('says all of it again of what was said before the start, with its look', async () => {
    const { edit, last } = await editing();
    await edit(['old' as RemoteMessageId], { text: after, html: `<b>${after}</b>` });
    expect(last()).toBe(`PRIVMSG #a :* \x02${after}`);
    await edit(['old' as RemoteMessageId], { text: 'waves', as: 'emote' });
    expect(last()).toBe('PRIVMSG #a :\x01ACTION * waves\x01');
  });
});
