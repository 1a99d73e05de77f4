import { describe, expect, it } from 'vitest';
import { clientOf, type Reply, scripted, turnedClock, until } from './scripted-homeserver.ts';

const answers = (reply: Reply) => reply.json(200, { versions: [] });

/** A homeserver that answers each of these in turn, then well; and a client that waits for nothing. */
async function inTurn(...replies: ((reply: Reply) => void)[]) {
  const time = turnedClock();
  const { client } = await scripted((_asked, reply) => (replies.shift() ?? answers)(reply), {
    clock: time.clock,
  });
  const settle = async (asking: Promise<unknown>) => {
    let isOver = false;
    void asking.finally(() => (isOver = true)).catch(() => {});
    await until(() => {
      time.turn(250);
      expect(isOver).toBe(true);
    });
    return asking;
  };
  return { client, settle };
}

const status = (code: number) => (reply: Reply) => reply.json(code, {});
const cut = (reply: Reply) => reply.cut();

describe('outages', () => {
  it.each<[string, (reply: Reply) => void, number]>([
    ['a connection that is cut', cut, 1],
    ['an answer that is cut', (reply) => reply.cutInside(), 1],
    ['a proxy that finds nobody behind it', status(502), 1],
    ['a proxy that waited in vain', status(504), 0],
    ['an error of the homeserver', status(500), 0],
    ['a refusal', status(403), 0],
    ['a limit', status(429), 0],
  ])('counts %s', async (_name, reply, count) => {
    const { client, settle } = await inTurn(reply);
    expect(client.outages()).toBe(0);
    await settle(client.isThere());
    expect(client.outages()).toBe(count);
  });

  it('counts one that goes on once, and the next one as well', async () => {
    const { client, settle } = await inTurn(cut, cut, status(503), answers, answers, cut);
    expect(await settle(client.isThere())).toBe(true);
    expect(client.outages()).toBe(1);
    expect(await settle(client.isThere())).toBe(true);
    expect(client.outages()).toBe(1);
    expect(await settle(client.isThere())).toBe(true);
    expect(client.outages()).toBe(2);
  });

  it('counts one in which nobody asked anything, and another right after it', async () => {
    const { client, hangUp } = await scripted((_asked, reply) => answers(reply));
    await client.isThere();
    hangUp();
    await until(() => expect(client.outages()).toBe(1));
    expect(await client.isThere()).toBe(true);
    hangUp();
    await until(() => expect(client.outages()).toBe(2));
  });

  it('takes it for none where no connection outlives an answer, but for the first few', async () => {
    let ended = 0;
    const { client } = await scripted((_asked, { raw, ...reply }) => {
      const { socket } = raw;
      raw.once('close', () => socket?.end());
      // Only when the client has seen it, and let go as well.
      socket?.once('close', () => ended++);
      reply.json(200, { versions: [] });
    });
    for (let n = 1; n <= 6; n++) {
      expect(await client.isThere()).toBe(true);
      await until(() => expect(ended).toBe(n));
    }
    expect(client.outages()).toBe(3);
  });

  it('does not count an answer that is late', async () => {
    const { client, settle } = await inTurn(() => {});
    await settle(client.isThere());
    expect(client.outages()).toBe(0);
  });

  it('are seen where nobody listens, which is no error', async () => {
    const { port, client: other } = await scripted((_asked, reply) => answers(reply));
    expect(await other.isThere()).toBe(true);
    const time = turnedClock();
    const { client } = clientOf(`http://127.0.0.1:${port === 1 ? 2 : 1}`, time);
    let isThere: boolean | undefined;
    void client.isThere().then((is) => (isThere = is));
    await until(() => {
      time.turn(250);
      expect(isThere).toBe(false);
    });
    expect(client.outages()).toBe(1);
  });
});
