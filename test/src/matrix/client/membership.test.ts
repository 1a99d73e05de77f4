import { describe, expect, it } from 'vitest';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';
const who = '@person:example.org';

describe('membership', () => {
  it('is changed as the one who changes it', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, {}));
    await client.join(roomId, GHOST);
    await client.invite(roomId, who, BOT);
    await client.leave(roomId, GHOST, 'gone');
    await client.kick(roomId, who, BOT, 'spam');
    await client.ban(roomId, who, BOT, 'spam');
    await client.unban(roomId, who, BOT);

    expect(asked.map(({ query }) => query.user_id)).toEqual([GHOST, BOT, GHOST, BOT, BOT, BOT]);
    expect(written(asked)).toEqual([
      ['POST /join', {}],
      ['POST /invite', { user_id: who }],
      ['POST /leave', { reason: 'gone' }],
      ['POST /kick', { user_id: who, reason: 'spam' }],
      ['POST /ban', { user_id: who, reason: 'spam' }],
      ['POST /unban', { user_id: who }],
    ]);
  });

  it('comes into a room by its alias, and says which that is', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { room_id: '!new' }));
    expect(await client.joinNamed('#bans:other.test', BOT)).toBe('!new');
    expect(asked[0]).toMatchObject({ method: 'POST', query: { user_id: BOT } });
    expect(asked[0]?.path).toContain('/join/%23bans%3Aother.test');
  });

  it.each([
    ['invite', 'join'],
    ['invite', 'invite'],
    ['leave', 'leave'],
    ['leave', 'ban'],
    ['kick', 'leave'],
    ['kick', undefined],
    ['ban', 'ban'],
    ['unban', 'leave'],
    ['unban', undefined],
  ] as const)('%s of somebody whose membership is %s already counts as done', async (what, is) => {
    const about = what === 'leave' ? GHOST : who;
    const { client } = await scripted(
      byPath({
        [`POST /${what}`]: [403, { errcode: 'M_FORBIDDEN' }],
        ...(is === undefined
          ? {}
          : { [`GET /state/m.room.member/${about}`]: [200, { membership: is }] as const }),
      }),
    );
    if (what === 'leave') await client.leave(roomId, GHOST);
    else await client[what](roomId, who, BOT);
  });

  it.each([
    ['invite', 'ban'],
    ['invite', 'leave'],
    ['kick', 'join'],
    ['ban', 'join'],
    ['unban', 'ban'],
  ] as const)('%s of somebody whose membership is %s is refused', async (what, is) => {
    const { client } = await scripted(
      byPath({
        [`POST /${what}`]: [403, { errcode: 'M_BAD_STATE' }],
        [`GET /state/m.room.member/${who}`]: [200, { membership: is }],
      }),
    );
    await expect(client[what](roomId, who, BOT)).rejects.toMatchObject({
      kind: 'refused',
      errcode: 'M_BAD_STATE',
    });
  });

  it('asks the bot where whoever acts may not look', async () => {
    const { client } = await scripted((asked, reply) => {
      if (asked.method === 'POST') reply.json(403, { errcode: 'M_FORBIDDEN' });
      else if (asked.query.user_id === BOT) reply.json(200, { membership: 'leave' });
      else reply.json(403, { errcode: 'M_FORBIDDEN' });
    });
    await client.leave(roomId, GHOST);
  });

  it('is refused with the first reason where nobody may look', async () => {
    const { client } = await scripted((asked, reply) =>
      reply.json(403, { errcode: asked.method === 'POST' ? 'M_FIRST' : 'M_FORBIDDEN' }),
    );
    await expect(client.kick(roomId, who, BOT)).rejects.toMatchObject({ errcode: 'M_FIRST' });
  });
});
