import { describe, expect, it, vi } from 'vitest';
import { clientOf, join, path, person, publicRoom, say } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';
import { actingAs, ghost, registration } from '../support/stub-appservice.ts';

const SEND = 'PUT /rooms/{}/send';
const text = (body: string) => ({ msgtype: 'm.text', body });

const talk = async (log = (_: string): unknown => undefined) => {
  const hs = await homeserver({ registrations: [registration(null)], log });
  const alice = await person(hs, 'alice');
  const bob = await ghost(hs.url, '_x_bob');
  const room = await publicRoom(alice, bob);
  const to = path`/rooms/${room}/send/m.room.message/once`;
  const said = () =>
    hs.timeline(room).flatMap(({ content }) => (content['body'] as string | undefined) ?? []);
  return { hs, alice, bob, room, to, said };
};

describe('a mishap of a request', () => {
  it('that is a limit says how long to wait, in the header and in the body, and does nothing', async () => {
    const { hs, alice, to, said } = await talk();
    hs.misbehave({ is: 'rate-limit', retryAfterMs: 1_500, on: SEND });
    const { status, body, headers } = await alice.put(to, text('a'));
    expect([status, body.errcode, body.retry_after_ms]).toEqual([429, 'M_LIMIT_EXCEEDED', 1_500]);
    expect(headers.get('retry-after')).toBe('2');
    expect(said()).toEqual([]);
    expect((await alice.put(to, text('a'))).status).toBe(200);
  });

  it('that is an error has happened before anything was done, or after all was', async () => {
    const { hs, alice, to, said } = await talk();
    hs.misbehave({ is: 'error', when: 'before', on: SEND });
    expect((await alice.put(to, text('a'))).status).toBe(502);
    expect(said()).toEqual([]);
    hs.misbehave({ is: 'error', when: 'after', status: 504, on: SEND });
    expect((await alice.put(to, text('a'))).status).toBe(504);
    expect(said()).toEqual(['a']);
    expect((await alice.put(to, text('a'))).status).toBe(200);
    expect(said()).toEqual(['a']);
  });

  it('that drops the connection has lost the request, or the answer only', async () => {
    const { hs, alice, to, said } = await talk();
    for (const [when, expected] of [
      ['before', []],
      ['after', ['a']],
    ] as const) {
      hs.misbehave({ is: 'drop', when, on: SEND });
      const failure = await alice.put(to, text('a')).catch((error: Error) => error);
      expect(failure).toMatchObject({ cause: { code: 'ECONNRESET' } });
      expect(said()).toEqual(expected);
    }
    expect((await alice.put(to, text('a'))).status).toBe(200);
    expect(said()).toEqual(['a']);
  });

  it('that is slow serves nobody who has gone meanwhile', async () => {
    const lines: string[] = [];
    const { hs, alice, to, said } = await talk((line) => lines.push(line));
    const slow = hs.misbehave({ is: 'delay', when: 'before', delayMs: 60_000, on: SEND });
    const client = new AbortController();
    const gone = alice.put(to, text('gone'), { signal: client.signal });
    await vi.waitFor(() => expect(slow.count).toBe(1));
    client.abort();
    await expect(gone).rejects.toThrow();
    hs.misbehave({ is: 'delay', when: 'after', delayMs: 50, on: SEND });
    const beganAtMs = performance.now();
    await alice.put(to, text('late'));
    expect(performance.now() - beganAtMs).toBeGreaterThan(45);
    expect([said(), lines]).toEqual([['late'], []]);
  });

  it('that refuses can be all about one room', async () => {
    const { hs, bob, alice, room } = await talk();
    const other = await publicRoom(alice, bob);
    hs.misbehave({ is: 'refuse', room, times: 'always' });
    expect((await say(bob, room, 'a')).body.errcode).toBe('M_FORBIDDEN');
    expect((await join(bob, room)).status).toBe(403);
    expect((await bob.get(path`/rooms/${room}/state`)).status).toBe(403);
    expect((await say(bob, other, 'a')).status).toBe(200);
    hs.behave();
    expect((await say(bob, room, 'a')).status).toBe(200);
  });

  it('that refuses can be a token that was revoked', async () => {
    const { hs, alice, bob, room } = await talk();
    hs.misbehave({
      is: 'refuse',
      status: 401,
      errcode: 'M_UNKNOWN_TOKEN',
      appservice: 'x',
      times: 'always',
    });
    for (const who of [bob, actingAs(hs.url)]) {
      const { status, body } = await who.get('/account/whoami');
      expect([status, body.errcode]).toEqual([401, 'M_UNKNOWN_TOKEN']);
    }
    expect((await say(alice, room, 'a')).status).toBe(200);
  });

  it('goes by what the path says, not by how it is encoded', async () => {
    const { hs, alice } = await talk();
    hs.misbehave({ is: 'refuse', on: `GET /profile/${alice.userId}` });
    expect((await alice.get(path`/profile/${alice.userId}`)).status).toBe(403);
    hs.misbehave({ is: 'refuse', on: 'GET /versions' });
    expect((await clientOf(hs.url, '').get('/_matrix/client/versions')).status).toBe(403);
    hs.misbehave({ is: 'refuse', on: 'POST /upload' });
    expect((await alice.post('/_matrix/media/v3/upload')).status).toBe(403);
  });
});
