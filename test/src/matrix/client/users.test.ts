import { describe, expect, it } from 'vitest';
import { byPath, written } from './rooms-on-script.ts';
import { GHOST, scripted } from './scripted-homeserver.ts';

describe('register', () => {
  it('registers without logging in', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, { user_id: GHOST }));
    await client.register(GHOST);
    expect(asked[0]?.json).toEqual({
      type: 'm.login.application_service',
      username: '_db_ghost',
      inhibit_login: true,
    });
    expect(asked[0]?.query).toEqual({});
  });

  it('counts whoever is registered as done', async () => {
    const { client } = await scripted((_, reply) => reply.json(400, { errcode: 'M_USER_IN_USE' }));
    await client.register(GHOST);
  });

  it('is refused outside the namespace', async () => {
    const { client } = await scripted((_, reply) => reply.json(400, { errcode: 'M_EXCLUSIVE' }));
    await expect(client.register(GHOST)).rejects.toMatchObject({
      kind: 'refused',
      errcode: 'M_EXCLUSIVE',
    });
  });

  it('is not tried with a name longer than 255 bytes', async () => {
    const { client, asked } = await scripted((_, reply) => reply.json(200, {}));
    const bytes = (count: number) => `@${'x'.repeat(count - 13)}:example.org` as const;
    await client.register(bytes(255));
    await expect(client.register(bytes(256))).rejects.toMatchObject({ errcode: 'M_TOO_LARGE' });
    expect(asked).toHaveLength(1);
  });
});

describe('setProfile', () => {
  const done = byPath({ 'PUT /displayname': [200, {}], 'PUT /avatar_url': [200, {}] });

  it('sets what is given, as that user, and leaves the rest', async () => {
    const { client, asked } = await scripted(done);
    await client.setProfile(GHOST, { name: ' Ann ', avatar: 'mxc://example.org/a' });
    await client.setProfile(GHOST, {});

    expect(asked[0]?.query).toEqual({ user_id: GHOST });
    expect(written(asked)).toEqual([
      [`PUT /profile/${GHOST}/displayname`, { displayname: 'Ann' }],
      [`PUT /profile/${GHOST}/avatar_url`, { avatar_url: 'mxc://example.org/a' }],
    ]);
  });

  it('removes what is null', async () => {
    const { client, asked } = await scripted(done);
    await client.setProfile(GHOST, { name: null, avatar: null });
    expect(written(asked)).toEqual([
      [`PUT /profile/${GHOST}/displayname`, { displayname: '' }],
      [`PUT /profile/${GHOST}/avatar_url`, { avatar_url: '' }],
    ]);
  });

  it('cuts a name to 256 code points', async () => {
    const { client, asked } = await scripted(done);
    await client.setProfile(GHOST, { name: '🐈'.repeat(300) });
    expect(asked[0]?.json).toEqual({ displayname: '🐈'.repeat(256) });
  });

  it('refuses an avatar that is no file of Matrix', async () => {
    const { client, asked } = await scripted(done);
    const set = client.setProfile(GHOST, { avatar: 'https://example.org/cat.jpg' });
    await expect(set).rejects.toMatchObject({ kind: 'refused' });
    expect(asked).toEqual([]);
  });
});
