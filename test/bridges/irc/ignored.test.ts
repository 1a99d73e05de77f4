import { describe, expect, it } from 'vitest';
import { Ignored } from '../../../bridges/irc/ignored.ts';
import { memoryHost } from '../../../src/testing/index.ts';

const fold = (name: string) => name.toLowerCase();
const eve = { nick: 'Eve', user: 'e', host: 'bad.test' };

function aVoice() {
  const { voice } = memoryHost({ config: {}, signal: new AbortController().signal });
  return voice('ann', 'enlisted').state;
}

describe('Ignored', () => {
  it('knows people by nick and by mask, after the next start too', async () => {
    const state = aVoice();
    const ignored = new Ignored(state);
    expect(ignored.has(eve, fold)).toBe(false);
    await ignored.add('eve', fold);
    await ignored.add('EVE', fold);
    expect(ignored.all).toEqual(['EVE!*@*']);
    expect(ignored.has(eve, fold)).toBe(true);
    expect(ignored.has({ ...eve, nick: 'eve2' }, fold)).toBe(false);
    await ignored.add('*!*@*.test', fold);
    const next = new Ignored(state);
    await next.load();
    expect(next.has({ ...eve, nick: 'eve2' }, fold)).toBe(true);
    expect(await next.remove('Eve', fold)).toBe(true);
    expect(await next.remove('Eve', fold)).toBe(false);
    expect(next.all).toEqual(['*!*@*.test']);
  });

  it('takes so many and no more', async () => {
    const ignored = new Ignored(aVoice());
    for (let n = 0; n < 200; n++) expect(await ignored.add(`eve${n}`, fold)).toBe(true);
    expect(await ignored.add('one more', fold)).toBe(false);
    expect(await ignored.add('eve1', fold)).toBe(true);
  });
});
