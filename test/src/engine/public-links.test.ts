import { describe, expect, it } from 'vitest';
import type { Context } from '../../../src/engine/context.ts';
import { createKeys } from '../../../src/engine/keys.ts';
import { publicLink, shownAt } from '../../../src/engine/public-links.ts';
import type { MatrixEventId } from '../../../src/model/matrix-ids.ts';
import { fakeClock } from '../../../src/testing/fake-clock.ts';

const DAY_MS = 86_400_000;
const url = 'https://bridge.test/x';
const id = '$a:ü' as MatrixEventId;

/** Portal 7 is bridged; the room that its room has replaced has the events that are given. */
function links(events: Record<string, object>, more: Partial<Context> = {}) {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const context = {
    clock,
    publishing: { url, keepMs: DAY_MS },
    keys: createKeys(new Uint8Array(32)),
    storage: {
      portals: {
        byId: async (n: number) => (n === 7 ? { roomId: '!new' } : undefined),
        roomsBefore: async () => ['!r'],
      },
    },
    matrix: { event: async (room: string, of: string) => (room === '!r' ? events[of] : undefined) },
    ...more,
  } as unknown as Context;
  const tokenOf = (portal = 7, of = id) =>
    decodeURIComponent(publicLink(context, portal, of)?.slice(`${url}/said/`.length) ?? '');
  return { context, clock, tokenOf, at: (token: string) => shownAt(context, token) };
}

const said = (text: string) => ({ kind: 'message', body: { text } });

describe('publicLink', () => {
  it('leads to what was said, as the homeserver has it then', async () => {
    const { tokenOf, at } = links({ [id]: said('long') });
    expect(await at(tokenOf())).toEqual({ text: 'long' });
  });

  it('is none where the world cannot reach the bridge, and what was given leads nowhere', async () => {
    const { tokenOf } = links({});
    const off = links({ [id]: said('x') }, { publishing: undefined } as never);
    expect(publicLink(off.context, 7, id)).toBeUndefined();
    expect(await off.at(tokenOf())).toBeUndefined();
  });

  it('leads nowhere once its time is over', async () => {
    const { tokenOf, at, clock } = links({ [id]: said('x') });
    const token = tokenOf();
    await clock.advance(DAY_MS - 1);
    expect(await at(token)).toBeDefined();
    await clock.advance(3_600_000);
    expect(await at(token)).toBeUndefined();
  });

  it.each([
    ['another event', (token: string) => token.replace(/a:ü$/, 'b')],
    ['another portal', (token: string) => token.replace('.7.', '.8.')],
    ['a later end', (token: string) => token.replace(/\.([^.]+)\.7/, '.zzzz.7')],
    ['another mac', (token: string) => `A${token.slice(1)}`.replace(/^AA/, 'AB')],
    ['no mac', (token: string) => token.slice(23)],
    ['a shorter mac', (token: string) => token.slice(1)],
    ['nothing', () => ''],
  ])('cannot be made for %s by anybody else', async (_, forge) => {
    const events = { [id]: said('x'), $b: said('secret') };
    const { tokenOf, at } = links(events);
    expect(await at(tokenOf())).toBeDefined();
    expect(await at(forge(tokenOf()))).toBeUndefined();
  });

  it('leads nowhere for a room that is not bridged', async () => {
    const { tokenOf, at } = links({ [id]: said('x') });
    expect(await at(tokenOf(8))).toBeUndefined();
  });

  it.each([
    [{ kind: 'ignored' }],
    [{ kind: 'encrypted' }],
    [undefined],
    [{ kind: 'edit', target: '$gone', body: { text: 'an edit of what was taken back' } }],
  ])('shows nothing of what says nothing any more: %j', async (event) => {
    const { tokenOf, at } = links({ ...(event && { [id]: event }), $gone: { kind: 'ignored' } });
    expect(await at(tokenOf())).toBeUndefined();
  });

  it('shows an edit as it was said', async () => {
    const edit = { kind: 'edit', target: '$m', body: { text: 'new' } };
    const { tokenOf, at } = links({ [id]: edit, $m: said('old') });
    expect(await at(tokenOf())).toEqual({ text: 'new' });
  });
});
