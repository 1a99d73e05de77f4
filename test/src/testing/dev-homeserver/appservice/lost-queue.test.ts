import { describe, expect, it, vi } from 'vitest';
import { at, person, publicRoom, say } from '../support/api.ts';
import { homeserver, stubAppservice, temporaryDir } from '../support/fixture.ts';
import { ghost, registration } from '../support/stub-appservice.ts';

describe('a homeserver that loses its queue', () => {
  it('has forgotten after a restart what was in no transaction yet, for good', async () => {
    const stub = await stubAppservice();
    const options = { dir: temporaryDir(), registrations: [registration(stub.url)] };
    const hs = await homeserver(options);
    const alice = await person(hs, 'alice');
    const room = await publicRoom(alice, await ghost(hs.url, '_x_bob'));
    await vi.waitFor(() => expect(hs.backlog('x')).toBe(0));
    stub.answer = () => new Promise(() => {});
    for (const text of ['on its way', 'lost', 'lost too']) await say(alice, room, text);
    await hs.close();

    stub.answer = async () => [200, '{}'];
    const again = await homeserver({ ...options, losesQueue: true });
    await say(at(again, alice), room, 'after');
    await vi.waitFor(() => expect(stub.heard).toEqual(['on its way', 'after']));
    await again.close();
    const third = await homeserver(options);
    await say(at(third, alice), room, 'last');
    await vi.waitFor(() => expect(stub.heard).toEqual(['on its way', 'after', 'last']));
  });
});
