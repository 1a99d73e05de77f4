import { describe, expect, it } from 'vitest';
import { clientOf, createRoom, person } from '../support/api.ts';
import { homeserver } from '../support/fixture.ts';

describe('the control', () => {
  it('shows events in order, over HTTP as in the process', async () => {
    const hs = await homeserver({ control: true });
    const alice = await person(hs, 'alice');
    const room = await createRoom(alice);
    const control = clientOf(hs.url, '');
    const { body } = await control.get('/_dev/timeline', { query: { room } });
    expect(body.events).toEqual(hs.timeline(room));
    expect((await control.get('/_dev/rooms')).body).toEqual({ rooms: [room] });
    expect((await control.get('/_dev/timeline', { query: { room: '!none' } })).status).toBe(404);
  });

  it('has it go wrong, says how often it did, and has it go right again', async () => {
    const { url } = await homeserver({ control: true });
    const control = clientOf(url, '');
    const mishap = { is: 'refuse', on: 'GET /versions', times: 'always' };
    expect((await control.post('/_dev/misbehave', mishap)).status).toBe(200);
    expect((await control.get('/_matrix/client/versions')).status).toBe(403);
    expect((await control.get('/_dev/mishaps')).body.mishaps).toMatchObject([{ mishap, count: 1 }]);
    await control.post('/_dev/behave');
    expect((await control.get('/_matrix/client/versions')).status).toBe(200);
    const wrong = await control.post('/_dev/misbehave', { is: 'explode' });
    expect([wrong.status, wrong.body.errcode]).toEqual([400, 'M_BAD_JSON']);
  });

  it('is closed unless it is asked for', async () => {
    const { url } = await homeserver();
    for (const path of ['timeline', 'rooms', 'backlog', 'mishaps'])
      expect((await clientOf(url, '').get(`/_dev/${path}`)).status).toBe(404);
    expect((await clientOf(url, '').post('/_dev/misbehave', {})).status).toBe(404);
  });
});
