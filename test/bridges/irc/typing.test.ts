import { describe, expect, it } from 'vitest';
import { Typing } from '../../../bridges/irc/typing.ts';
import { remoteChatId } from '../../../src/adapter/index.ts';
import { fakeClock } from '../../../src/testing/index.ts';

const chat = remoteChatId('#a');

function typing() {
  const clock = fakeClock();
  const said: string[] = [];
  const say = (to: string, isTyping: boolean) =>
    void said.push(`${to} ${isTyping ? 'active' : 'done'} at ${clock.now()}`);
  return { clock, said, typing: new Typing(clock, say) };
}

describe('Typing', () => {
  it('says it again while it holds, as it is forgotten so soon', async () => {
    const { clock, said, typing: of } = typing();
    of.set(chat, 8_000);
    await clock.advance(60_000);
    expect(said).toEqual(['#a active at 0', '#a active at 3000', '#a active at 6000']);
  });

  it('ends when its person stops, and begins anew with what came last', async () => {
    const { clock, said, typing: of } = typing();
    of.set(chat, 60_000);
    await clock.advance(1_000);
    of.set(chat, 4_000);
    await clock.advance(3_500);
    of.set(chat, 0);
    await clock.advance(60_000);
    expect(said).toEqual([
      '#a active at 0',
      '#a active at 1000',
      '#a active at 4000',
      '#a done at 4500',
    ]);
  });

  it('says nothing more once it is closed', async () => {
    const { clock, said, typing: of } = typing();
    of.set(chat, 60_000);
    of.close();
    await clock.advance(60_000);
    expect(said).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });
});
