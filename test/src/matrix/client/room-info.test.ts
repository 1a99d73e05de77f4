import { describe, expect, it } from 'vitest';
import type { BridgeInfo } from '../../../../src/ports/matrix.ts';
import { byPath, written } from './rooms-on-script.ts';
import { BOT, GHOST, scripted } from './scripted-homeserver.ts';

const roomId = '!room:example.org';

const info: BridgeInfo = {
  protocol: { id: 'chat', displayName: 'Chat' },
  network: { id: 'one', displayName: 'One' },
  chat: { id: '#x', displayName: 'X' },
  creator: '@person:example.org',
  isDirect: false,
};
const content = {
  bridgebot: BOT,
  creator: '@person:example.org',
  protocol: { id: 'chat', displayname: 'Chat' },
  network: { id: 'one', displayname: 'One' },
  channel: { id: '#x', displayname: 'X' },
};
const put = [200, { event_id: '$1' }] as const;

describe('setBridgeInfo', () => {
  it('writes both names of it', async () => {
    const { client, asked } = await scripted(byPath({ 'PUT /key': put }));
    await client.setBridgeInfo(roomId, 'key', info);
    expect(written(asked)).toEqual([
      ['PUT /state/m.bridge/key', content],
      ['PUT /state/uk.half-shot.bridge/key', content],
    ]);
  });

  it('writes the picture of the network', async () => {
    const { client, asked } = await scripted(byPath({ 'PUT /key': put }));
    const icon = 'mxc://example.org/icon';
    await client.setBridgeInfo(roomId, 'key', { ...info, network: { ...info.network, icon } });
    const network = { ...content.network, avatar_url: icon };
    expect(written(asked)).toEqual([
      ['PUT /state/m.bridge/key', { ...content, network }],
      ['PUT /state/uk.half-shot.bridge/key', { ...content, network }],
    ]);
  });

  it('writes only the one that differs, whatever the order of keys', async () => {
    const reversed = Object.fromEntries(Object.entries(content).reverse());
    const { client, asked } = await scripted(
      byPath({ 'GET /state/m.bridge/key': [200, reversed], 'PUT /key': put }),
    );
    await client.setBridgeInfo(roomId, 'key', info);
    expect(written(asked)).toEqual([['PUT /state/uk.half-shot.bridge/key', content]]);
  });

  it('empties it when the bridge is gone, and writes nothing where there was none', async () => {
    const { client, asked } = await scripted(
      byPath({ 'GET /state/m.bridge/key': [200, content], 'PUT /key': put }),
    );
    await client.setBridgeInfo(roomId, 'key', undefined);
    expect(written(asked)).toEqual([['PUT /state/m.bridge/key', {}]]);
  });

  it('hashes a key of more than 255 bytes, the same each time', async () => {
    const { client, asked } = await scripted((asking, reply) =>
      asking.method === 'GET' ? reply.json(404, { errcode: 'M_NOT_FOUND' }) : reply.json(200, {}),
    );
    await client.setBridgeInfo(roomId, 'ü'.repeat(128), info);
    await client.setBridgeInfo(roomId, 'x'.repeat(255), info);

    const keys = asked.map(({ path }) => path.split('/').at(-1));
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[0]).toMatch(/^[\w-]{43}$/);
    expect(keys[4]).toBe('x'.repeat(255));
  });
});

describe('addFunctionalMembers', () => {
  const end = '/state/io.element.functional_members/';

  it("keeps others' entries and keys", async () => {
    const { client, asked } = await scripted(
      byPath({
        [`GET ${end}`]: [200, { service_members: ['@x:example.org'], other: 1 }],
        [`PUT ${end}`]: put,
      }),
    );
    await client.addFunctionalMembers(roomId, [BOT, GHOST]);
    expect(written(asked)).toEqual([
      [`PUT ${end}`, { service_members: ['@x:example.org', BOT, GHOST], other: 1 }],
    ]);
  });

  it('writes nothing where they are all there', async () => {
    const { client, asked } = await scripted(
      byPath({ [`GET ${end}`]: [200, { service_members: [BOT] }], [`PUT ${end}`]: put }),
    );
    await client.addFunctionalMembers(roomId, [BOT]);
    expect(written(asked)).toEqual([]);
  });
});
