import { describe, expect, it } from 'vitest';
import { chat, partsOf, say, speaker } from './bench.ts';
import { listening } from './listening.ts';

async function speaking(isPublic: boolean) {
  const opened = await listening({ caps: [] }, undefined, { isPublic }, { pasteLines: 3 });
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  return { ...opened, session, client: opened.server.client('ann[m]') };
}

describe('a message of many lines', () => {
  const text = 'first\nb\nc\nd';

  it('is an address, under which it is on disk as soon as anybody can be told', async () => {
    const { session, client, commit, disk } = await speaking(true);
    const action = { kind: 'message', chat, speaker, body: { text } } as const;
    const encoded = await session.on.message.encode?.(action, AbortSignal.timeout(5_000));
    await commit(encoded?.save);
    expect([...disk.values.values()].map((value) => Buffer.from(value).toString())).toContain(text);
    await say(session, text);
    expect(client.sent('PRIVMSG')).toEqual([
      'PRIVMSG #a :first… (4 lines: https://bridge.test/published/11 )',
    ]);
  });

  it('is said line by line where it is not too long, or nothing can be published', async () => {
    const { session } = await speaking(true);
    expect(await partsOf(session, 'a\nb\nc')).toHaveLength(3);
    const { session: other } = await speaking(false);
    expect(await partsOf(other, text)).toHaveLength(4);
  });

  it('that is long because it is one long line is shown, too', async () => {
    const { session, client } = await speaking(true);
    await say(session, 'ä'.repeat(1_500));
    expect(client.sent('PRIVMSG')[0]).toMatch(/^PRIVMSG #a :ä{40}… \(\d lines: \S+ \)$/);
  });
});
