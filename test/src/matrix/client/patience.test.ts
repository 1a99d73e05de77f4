import { describe, expect, it } from 'vitest';
import type { MatrixClient } from '../../../../src/matrix/client/matrix-client.ts';
import type { NewRoom } from '../../../../src/ports/matrix.ts';
import { failure, hello, limited } from './requests.ts';
import { BOT, GHOST, scripted, turnedClock, until } from './scripted-homeserver.ts';

const newRoom: NewRoom = {
  aliasLocalpart: 'x',
  as: BOT,
  invite: [],
  isDirect: false,
  isPublic: true,
};

describe('a limit', () => {
  it.each([
    ['the header', '2', undefined, 2000],
    ['the body', undefined, 3000, 3000],
    ['the longer of both: the header', '5', 3000, 5000],
    ['the longer of both: the body', '2', 3000, 3000],
    ['one second where neither says', undefined, undefined, 1000],
  ])(
    'is waited out as long as %s says, with the same transaction id',
    async (_, header, bodyMs, expectedMs) => {
      const { clock, delays, turn } = turnedClock();
      let isLimited = true;
      const { client, asked, logged } = await scripted(
        (_asked, reply) =>
          isLimited ? limited(reply, header, bodyMs) : reply.json(200, { event_id: '$1' }),
        { clock },
      );
      const sent = client.send(hello);
      await until(() => expect(logged).toHaveLength(1));
      expect(delays()[0]).toBeGreaterThanOrEqual(expectedMs);
      expect(delays()[0]).toBeLessThanOrEqual(expectedMs * 1.1);

      isLimited = false;
      turn(expectedMs * 1.1);
      expect(await sent).toBe('$1');
      expect(asked).toHaveLength(2);
      expect(asked[1]).toEqual(asked[0]);
    },
  );

  it('that would hold a message for more than a minute is told to the caller', async () => {
    const { client, asked } = await scripted((_, reply) => limited(reply, '90'));
    const error = await failure(client.send(hello));

    expect(error).toMatchObject({ kind: 'away', status: 429, retryAfterMs: 90_000 });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['come', (client: MatrixClient) => client.join('!room:example.org', GHOST)],
    ['go', (client: MatrixClient) => client.leave('!room:example.org', GHOST)],
    ['look', (client: MatrixClient) => client.setProfile(GHOST, { name: 'Ghost' })],
  ])('on how ghosts %s is told to the caller, who has other things to do', async (_, act) => {
    const { client, asked } = await scripted((_asked, reply) => limited(reply, '3'));
    const error = await failure(act(client));

    expect(error).toMatchObject({ kind: 'away', status: 429, retryAfterMs: 3_000 });
    expect(asked).toHaveLength(1);
  });

  it('on new rooms holds up no message', async () => {
    const { clock, delays, turn } = turnedClock();
    let isLimited = true;
    const { client } = await scripted(
      ({ path }, reply) => {
        if (path.endsWith('/createRoom') && isLimited) limited(reply, '333');
        else reply.json(200, { event_id: '$1', room_id: '!new' });
      },
      { clock },
    );
    const rooms = Array.from({ length: 100 }, (_, n) =>
      client.createRoom({ ...newRoom, aliasLocalpart: `room${n}` }),
    );
    await until(() => expect(delays().filter((ms) => ms >= 333_000)).toHaveLength(100));
    expect(await client.send(hello)).toBe('$1');
    await client.join('!room:example.org', GHOST);

    isLimited = false;
    turn(400_000);
    await Promise.all(rooms);
  });

  it('of more than ten seconds is something the operator gets to know', async () => {
    const { clock, delays, turn } = turnedClock();
    let answers = 0;
    const { client, logged } = await scripted(
      (_, reply) =>
        ++answers <= 2
          ? limited(reply, answers === 1 ? '1' : '20')
          : reply.json(200, { room_id: '!new' }),
      { clock },
    );
    const created = client.createRoom(newRoom);
    for (const count of [1, 2]) {
      await until(() => expect(logged).toHaveLength(count));
      turn(Math.max(...delays()));
    }
    await created;
    expect(logged.map((entry) => JSON.parse(entry)[0])).toEqual(['debug', 'warn']);
  });

  it('is waited out for a request that is never repeated otherwise', async () => {
    const { clock, turn } = turnedClock();
    let isLimited = true;
    const { client, logged } = await scripted(
      (_, reply) => (isLimited ? limited(reply, '58') : reply.json(200, { room_id: '!new' })),
      { clock },
    );
    const created = client.createRoom(newRoom);
    await until(() => expect(logged).toHaveLength(1));
    isLimited = false;
    turn(70_000);
    expect(await created).toBe('!new');
  });
});
