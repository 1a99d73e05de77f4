import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../bridges/irc/wire/clock.ts';
import type { MessageBody, RemoteEvent } from '../../../src/adapter/index.ts';
import { chat, speaker } from './bench.ts';
import { listening } from './listening.ts';
import type { Script } from './scripted-server.ts';

const MODERN = ['message-tags', 'batch', 'server-time', 'echo-message', 'labeled-response'];
const offering = (limits: string, script: Script = {}): Script => ({
  caps: [...MODERN, `draft/multiline=${limits}`],
  ...script,
});
const GENEROUS = 'max-bytes=4096,max-lines=24';

async function speaking(script: Script) {
  const opened = await listening(script);
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const signal = () => AbortSignal.timeout(5_000);
  const encode = async (body: MessageBody, more: object = {}) => {
    const action = { kind: 'message', chat, speaker, body, ...more } as const;
    const encoded = await session.on.message.encode?.(action, signal());
    return (encoded?.parts ?? []).map((wire, n) => ({
      ...{ key: `k/${n}`, action, wire, firstTriedAtMs: systemClock.now() },
    }));
  };
  const sayAll = async (body: MessageBody, more: object = {}) => {
    const sent = [];
    for (const part of await encode(body, more))
      sent.push(await session.on.message.send(part, signal()));
    return sent;
  };
  const client = opened.server.client('ann[m]');
  return { ...opened, session, encode, sayAll, client, signal };
}

const bodies = (events: readonly RemoteEvent[]) =>
  events.flatMap((event) => (event.kind === 'message' ? [event.body] : []));

describe('a message of several lines', () => {
  it('is one where the server takes it so, certain when it comes back', async () => {
    const { sayAll, client, emitted } = await speaking(offering(GENEROUS));
    const sent = await sayAll({ text: 'one\ntwo' }, { replyTo: 'x1' });
    expect(sent).toEqual([{ ids: [expect.stringMatching(/^m\d$/)] }]);
    const [begin, one, two, end] = client.lines.slice(-4);
    expect(begin).toMatch(
      /^@label=\w+;\+reply=x1;\+draft\/reply=x1;\+drawbridge\.dev\/key=k\/0 BATCH \+(\w+) draft\/multiline #a$/,
    );
    expect([one, two]).toEqual([
      expect.stringMatching(/^@batch=\w+ PRIVMSG #a one$/),
      expect.stringMatching(/^@batch=\w+ PRIVMSG #a two$/),
    ]);
    expect(end).toMatch(/^BATCH -\w+$/);
    await vi.waitFor(() => expect(emitted.at(-1)).toMatchObject({ echoOf: 'k/0' }));
    expect(bodies(emitted)).toEqual([{ text: 'one\ntwo' }]);
  });

  it('is whole again where a long line was cut, with its look', async () => {
    const { sayAll, client, emitted } = await speaking(offering(GENEROUS));
    const text = `${'bold '.repeat(150)}end`;
    await sayAll({ text, html: `<b>${text}</b>` });
    const pieces = client.lines.filter((line) => line.includes('draft/multiline-concat'));
    expect(pieces).toHaveLength(1);
    const [, user = ''] = client.mask.split('!');
    for (const line of client.lines) {
      const asOthersSeeIt = `:${'n'.repeat(30)}!${user} ${line.replace(/^@\S+ /, '')}\r\n`;
      expect(Buffer.byteLength(asOthersSeeIt)).toBeLessThanOrEqual(512);
    }
    await vi.waitFor(() => expect(bodies(emitted)).toHaveLength(1));
    const [{ text: heard, html = '' } = { text: '' }] = bodies(emitted);
    expect(heard).toBe(text);
    expect(html.replaceAll('</strong><strong>', '')).toBe(`<strong>${text}</strong>`);
  });

  it.each([
    ['more lines than the server takes', 'max-bytes=4096,max-lines=2', {}],
    ['more bytes than the server takes', 'max-bytes=12', {}],
    ['a server that does not say how much', '', {}],
    ['what somebody does', GENEROUS, { as: 'emote' as const }],
  ])('goes line by line: %s', async (_, limits, as) => {
    const { sayAll, client } = await speaking(offering(limits));
    expect(await sayAll({ text: 'lines\nlines\nlines', ...as })).toHaveLength(3);
    expect(client.sent('BATCH')).toEqual([]);
  });

  it('is put anew where it was made for a server that took it so', async () => {
    const { encode, session, server, signal } = await speaking(offering(GENEROUS));
    const [part] = await encode({ text: 'one\ntwo' });
    server.script = { ...server.script, caps: MODERN };
    server.client('ann[m]').cut();
    await vi.waitFor(() =>
      expect(session.on.message.send(part!, signal())).rejects.toMatchObject({
        code: 'stale',
        effect: 'none',
      }),
    );
    expect(await encode({ text: 'one\ntwo' })).toHaveLength(2);
  });

  it('that is refused was seen by nobody', async () => {
    const deal: Script['deal'] = (client, command, [ref = '']) => {
      if (command !== 'BATCH' || !ref.startsWith('-')) return false;
      const opened = client.lines.findLast((line) => line.includes('BATCH +')) ?? '';
      const label = /label=([^; ]+)/.exec(opened)?.[1];
      client.say(`@label=${label} :s FAIL BATCH MULTILINE_INVALID :Invalid multiline batch`);
      return true;
    };
    const { sayAll } = await speaking(offering(GENEROUS, { deal }));
    await expect(sayAll({ text: 'one\ntwo' })).rejects.toMatchObject({
      code: 'not_allowed',
      effect: 'none',
    });
  });

  it('is heard as one, and is nothing between programs', async () => {
    const { emitted, bot } = await speaking(offering(GENEROUS));
    for (const line of [
      '@msgid=b1;+reply=x1 :bob!b@h BATCH +q draft/multiline #a',
      '@batch=q :bob!b@h PRIVMSG #a :\x01PING 1',
      '@batch=q :bob!b@h PRIVMSG #a :',
      '@batch=q :bob!b@h PRIVMSG #a :how \x02is ',
      '@batch=q;draft/multiline-concat :bob!b@h PRIVMSG #a :it?',
      ':s BATCH -q',
    ])
      bot.say(line);
    await vi.waitFor(() =>
      expect(emitted.at(-1)).toMatchObject({
        ...{ id: 'b1', key: 'b1', replyTo: 'x1', sender: 'bob' },
        body: { text: 'PING 1\n\nhow is it?', html: 'PING 1<br><br>how <strong>is it?</strong>' },
      }),
    );
  });
});
