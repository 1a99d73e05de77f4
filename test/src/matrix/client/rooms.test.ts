import { describe, expect, it } from 'vitest';
import type { NewRoom } from '../../../../src/ports/matrix.ts';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const room: NewRoom = {
  aliasLocalpart: '_db_chat',
  as: BOT,
  invite: ['@person:example.org'],
  isDirect: false,
  isPublic: false,
};
const alias = '#_db_chat:example.org';
const created = [200, { room_id: '!new' }] as const;

const contentOf = async (wanted: NewRoom, defaultVersion?: string) => {
  const { client, asked } = await scripted(
    byPath({
      'POST /createRoom': created,
      'GET /capabilities': [
        200,
        { capabilities: { 'm.room_versions': { default: defaultVersion } } },
      ],
    }),
  );
  expect(await client.createRoom(wanted)).toBe('!new');
  expect(asked.at(-1)?.query).toEqual({ user_id: wanted.as });
  return asked.at(-1)?.json;
};

describe('createRoom', () => {
  it('leaves the version and its own power to the homeserver', async () => {
    expect(await contentOf({ ...room, name: 'Chat', topic: 'Talk' })).toEqual({
      preset: 'private_chat',
      visibility: 'private',
      room_alias_name: '_db_chat',
      name: 'Chat',
      topic: 'Talk',
      invite: ['@person:example.org'],
      is_direct: false,
    });
  });

  it('opens a public one to everybody, and makes no creators of whom it invites', async () => {
    expect(await contentOf({ ...room, isPublic: true })).toMatchObject({ preset: 'public_chat' });
    expect(await contentOf({ ...room, isDirect: true })).toMatchObject({
      preset: 'private_chat',
      is_direct: true,
    });
  });

  it.each([
    ['11', { [BOT]: 100, [GHOST]: 100 }],
    ['12', { [BOT]: 100 }],
    ['13', { [BOT]: 100 }],
    [undefined, { [BOT]: 100, [GHOST]: 100 }],
  ])('as a ghost in version %s gives power to %j', async (version, users) => {
    expect(await contentOf({ ...room, as: GHOST }, version)).toHaveProperty(
      'power_level_content_override',
      { users },
    );
  });

  it('gives the room that has the alias already', async () => {
    const { client } = await scripted(
      byPath({
        'POST /createRoom': [400, { errcode: 'M_ROOM_IN_USE' }],
        [`GET /directory/room/${alias}`]: [200, { room_id: '!old' }],
      }),
    );
    expect(await client.createRoom(room)).toBe('!old');
  });

  it.each([
    ['without an answer', 'cut' as const],
    ['with a 504', [504, {}] as const],
  ])('looks for the alias before it has failed %s, and creates no second one', async (_, fails) => {
    const { client, asked } = await scripted(
      byPath({
        'POST /createRoom': fails,
        [`GET /directory/room/${alias}`]: [200, { room_id: '!made' }],
      }),
    );
    expect(await client.createRoom(room)).toBe('!made');
    expect(written(asked)).toHaveLength(1);
  });

  it('is ambiguous when there is no such alias', async () => {
    const { client } = await scripted(byPath({ 'POST /createRoom': 'cut' }));
    await expect(client.createRoom(room)).rejects.toMatchObject({ kind: 'ambiguous' });
  });

  it('looks for nothing after a refusal', async () => {
    const { client, asked } = await scripted(
      byPath({ 'POST /createRoom': [403, { errcode: 'M_FORBIDDEN' }] }),
    );
    await expect(client.createRoom(room)).rejects.toMatchObject({ kind: 'refused' });
    expect(asked).toHaveLength(1);
  });

  it('does not send an alias longer than 255 bytes', async () => {
    const { client, asked } = await scripted(byPath({ 'POST /createRoom': created }));
    const long = client.createRoom({ ...room, aliasLocalpart: 'ü'.repeat(125) });
    await expect(long).rejects.toMatchObject({ errcode: 'M_TOO_LARGE' });
    expect(asked).toEqual([]);
  });
});

describe('roomOfAlias', () => {
  it('finds the room, or nothing', async () => {
    const { client } = await scripted(
      byPath({ [`GET /directory/room/${alias}`]: [200, { room_id: '!old' }] }),
    );
    expect(await client.roomOfAlias(alias)).toBe('!old');
    expect(await client.roomOfAlias('#other:example.org')).toBeUndefined();
  });

  it('does not take a missing endpoint for a missing alias', async () => {
    const { client } = await scripted((_, reply) => reply.json(404, { errcode: 'M_UNRECOGNIZED' }));
    await expect(client.roomOfAlias(alias)).rejects.toMatchObject({ kind: 'refused' });
  });
});
