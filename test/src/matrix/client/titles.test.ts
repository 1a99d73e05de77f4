import { describe, expect, it } from 'vitest';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';
const put = [200, { event_id: '$1' }] as const;
const get = 'GET /state/m.room.topic/';

describe('title', () => {
  it('tells what the room is about, and which event says so', async () => {
    const content = { topic: 'tea' };
    const event = { event_id: '$1', sender: '@ann:example.org', content };
    const { client, asked } = await scripted(byPath({ [get]: [200, event] }));
    expect(await client.title(roomId, 'topic')).toEqual({
      text: 'tea',
      by: { id: '$1', sender: '@ann:example.org' },
    });
    expect(asked[0]?.query).toMatchObject({ format: 'event', user_id: BOT });
  });

  it('makes do with the content, where the homeserver gives no more', async () => {
    const { client } = await scripted(byPath({ [get]: [200, { topic: 'tea' }] }));
    expect(await client.title(roomId, 'topic')).toEqual({ text: 'tea' });
  });

  it('is empty where there is none', async () => {
    const none = [404, { errcode: 'M_NOT_FOUND' }] as const;
    const { client } = await scripted(byPath({ [get]: none }));
    expect(await client.title(roomId, 'topic')).toEqual({ text: '' });
  });
});

describe('setTitle', () => {
  it('writes it with its mark, as whom it is told to', async () => {
    const { client, asked } = await scripted(byPath({ 'PUT /': put }));
    const mark = { marker: 'm', portal: 3 };
    await client.setTitle({ roomId, as: GHOST, part: 'topic', text: 'tea', mark });
    const content = { topic: 'tea', 'dev.drawbridge.mark': { id: 'm', portal: 3 } };
    expect(written(asked)).toEqual([['PUT /state/m.room.topic/', content]]);
    expect(asked[0]?.query).toMatchObject({ user_id: GHOST });
  });
});

describe('setRoomInfo', () => {
  it('sets what differs, as the bot', async () => {
    const { client, asked } = await scripted(
      byPath({
        'GET /state/m.room.name/': [200, { name: 'Old' }],
        'GET /state/m.room.topic/': [200, { content: { topic: 'Same', x: 1 } }],
        'PUT /': put,
      }),
    );
    await client.setRoomInfo(roomId, { name: 'New', topic: 'Same' });

    expect(written(asked)).toEqual([['PUT /state/m.room.name/', { name: 'New' }]]);
    expect(asked.every(({ query }) => query.user_id === BOT)).toBe(true);
  });

  it('does not write again what was made well-formed', async () => {
    const { client, asked } = await scripted(
      byPath({ 'GET /state/m.room.name/': [200, { name: 'a\ufffd' }], 'PUT /': put }),
    );
    await client.setRoomInfo(roomId, { name: 'a\0\ud83d' });
    expect(written(asked)).toEqual([]);
  });

  it('leaves what is absent', async () => {
    const { client, asked } = await scripted(byPath({ 'PUT /': put }));
    await client.setRoomInfo(roomId, {});
    expect(asked).toEqual([]);
  });
});
