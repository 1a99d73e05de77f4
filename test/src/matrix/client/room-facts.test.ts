import { describe, expect, it } from 'vitest';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';
const who = '@person:example.org';

describe('joinedMembers', () => {
  it('lists them with what they look like', async () => {
    const { client } = await scripted(
      byPath({
        'GET /joined_members': [
          200,
          {
            joined: {
              [who]: { display_name: 'Ann', avatar_url: 'mxc://example.org/a' },
              [GHOST]: { display_name: null },
            },
          },
        ],
      }),
    );
    expect(await client.joinedMembers(roomId, BOT)).toEqual([
      { userId: who, displayName: 'Ann', avatar: 'mxc://example.org/a' },
      { userId: GHOST },
    ]);
  });
});

describe('member', () => {
  it.each([
    [
      { membership: 'join', displayname: 'Ann' },
      { userId: who, displayName: 'Ann' },
    ],
    [{ membership: 'leave', displayname: 'Ann' }, undefined],
  ])('with %j is %j', async (content, expected) => {
    const { client } = await scripted(
      byPath({ [`GET /state/m.room.member/${who}`]: [200, content] }),
    );
    expect(await client.member(roomId, who, BOT)).toEqual(expected);
  });

  it('is nobody where the room never heard of them', async () => {
    const { client } = await scripted(byPath({}));
    expect(await client.member(roomId, who, BOT)).toBeUndefined();
  });
});

describe('policyRules', () => {
  it('are those of the state that ban somebody', async () => {
    const rule = (type: string, content: object) => ({ type, state_key: 'k', content });
    const state = [
      rule('m.policy.rule.user', { entity: '@spam:*', recommendation: 'm.ban' }),
      rule('m.policy.rule.server', {}),
      rule('m.room.topic', { topic: 'Bans' }),
    ];
    const { client } = await scripted((_, reply) => reply.json(200, state));
    expect(await client.policyRules(roomId, BOT)).toEqual([{ about: 'user', mask: '@spam:*' }]);
  });
});

describe('isEncrypted', () => {
  it.each([
    [true, [200, { algorithm: 'm.megolm.v1.aes-sha2' }]],
    [true, [200, {}]],
    [false, [404, { errcode: 'M_NOT_FOUND' }]],
  ] as const)('is %s after %j', async (expected, answer) => {
    const { client } = await scripted(byPath({ 'GET /state/m.room.encryption/': answer }));
    expect(await client.isEncrypted(roomId, GHOST)).toBe(expected);
  });

  it('is never guessed where the homeserver does not say', async () => {
    const { client } = await scripted((_, reply) => reply.json(403, { errcode: 'M_FORBIDDEN' }));
    await expect(client.isEncrypted(roomId, GHOST)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('maySetState', () => {
  const create = { type: 'm.room.create', sender: who, content: { room_version: '12' } };
  const joined = { [`GET /state/m.room.member/${who}`]: [200, { membership: 'join' }] as const };

  it('follows the room power levels, and the create event with its sender', async () => {
    const { client, asked } = await scripted(
      byPath({ ...joined, 'GET /state/m.room.create/': [200, create] }),
    );
    expect(await client.maySetState(roomId, who)).toBe(true);
    const [asking] = asked.filter(({ path }) => path.includes('m.room.create'));
    expect(asking?.query).toEqual({ format: 'event', user_id: BOT });
  });

  it('looks through the whole state where the homeserver gives only the content', async () => {
    const { client } = await scripted(
      byPath({
        ...joined,
        'GET /state/m.room.create/': [200, create.content],
        'GET /state': [200, [{ type: 'm.room.topic' }, create]],
      }),
    );
    expect(await client.maySetState(roomId, who)).toBe(true);
  });

  it('is no where they are not in the room', async () => {
    const { client } = await scripted(byPath({ 'GET /state/m.room.create/': [200, create] }));
    expect(await client.maySetState(roomId, who)).toBe(false);
  });

  it('is unknown where the bot may not look', async () => {
    const { client } = await scripted((_, reply) => reply.json(403, { errcode: 'M_FORBIDDEN' }));
    await expect(client.maySetState(roomId, who)).rejects.toMatchObject({ kind: 'refused' });
  });
});

describe('setByInvitation', () => {
  const rules = (sender: string, join_rule: string) => {
    const event = { type: 'm.room.join_rules', sender, content: { join_rule } };
    const reply = [200, event] as const;
    return byPath({
      'GET /m.room.join_rules/': reply,
      'GET /m.room.join_rules': reply,
      'PUT /m.room.join_rules/': [200, { event_id: '$e' }],
      'PUT /m.room.join_rules': [200, { event_id: '$e' }],
    });
  };
  const set = async (sender: string, join_rule: string, isByInvitation: boolean) => {
    const { client, asked } = await scripted(rules(sender, join_rule));
    await client.setByInvitation(roomId, isByInvitation);
    return written(asked).map((one) => (one as readonly unknown[])[1]);
  };

  it('closes a room, and opens it again, where it is as the bot left it', async () => {
    expect(await set(BOT, 'public', true)).toEqual([{ join_rule: 'invite' }]);
    expect(await set(BOT, 'invite', false)).toEqual([{ join_rule: 'public' }]);
    expect(await set(BOT, 'invite', true)).toEqual([]);
    expect(await set(BOT, 'knock', false)).toEqual([]);
  });

  it('leaves what somebody else has decided', async () => {
    expect(await set(who, 'public', true)).toEqual([]);
    expect(await set(who, 'invite', false)).toEqual([]);
  });
});
