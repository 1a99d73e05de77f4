import { describe, expect, it } from 'vitest';
import { chat, partsOf } from './bench.ts';
import { listening } from './listening.ts';

const link = 'https://bridge.test/said/abc';

async function speaking() {
  const opened = await listening({ caps: [] }, undefined, {}, { pasteLines: 3 });
  const session = await opened.enlist();
  await session.join?.(chat, opened.signal);
  const lines = async (text: string, at?: string) =>
    (await partsOf(session, text, at === undefined ? {} : { link: at })).map(({ wire }) =>
      Buffer.from(wire ?? []).toString(),
    );
  return { session, lines };
}

describe('a message of many lines', () => {
  const text = 'first\nb\nc\nd';

  it('is an address, under which it is shown', async () => {
    const { lines } = await speaking();
    expect(await lines(text, link)).toEqual([`PRIVMSG #a :first… (4 lines: ${link} )`]);
  });

  it('is said line by line where it is not too long, or nobody can be led to it', async () => {
    const { lines } = await speaking();
    expect(await lines('a\nb\nc', link)).toHaveLength(3);
    expect(await lines(text)).toHaveLength(4);
  });

  it('that is long because it is one long line is shown, too', async () => {
    const { lines } = await speaking();
    const [said] = await lines('ä'.repeat(1_500), link);
    expect(said).toMatch(/^PRIVMSG #a :ä{40}… \(\d lines: \S+ \)$/);
  });

  it('is so as well when it is the new wording of another', async () => {
    const { session } = await speaking();
    const action = {
      ...{ kind: 'edit', chat, speaker: { displayName: 'Ann' }, target: ['x'], link },
      body: { text },
    } as never;
    const encoded = await session.on.edit?.encode?.(action, AbortSignal.timeout(5_000));
    expect(Buffer.from(encoded?.parts[0] ?? []).toString()).toContain(`(4 lines: ${link} )`);
  });
});
