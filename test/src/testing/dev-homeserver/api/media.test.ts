import { describe, expect, it } from 'vitest';
import { at, path, person } from '../support/api.ts';
import { homeserver, temporaryDir } from '../support/fixture.ts';

const MXC = /^mxc:\/\/hs\.test\/(\w+)$/;
const idOf = (uri: string) => MXC.exec(uri)?.[1] ?? '';
const download = '/_matrix/client/v1/media/download/hs.test';
const upload = '/_matrix/media/v3/upload';

describe('media', () => {
  it('gives back what was uploaded, to whoever has a token, also after a restart', async () => {
    const dir = temporaryDir();
    const hs = await homeserver({ dir });
    const alice = await person(hs, 'alice');
    const raw = Uint8Array.from([0, 1, 2, 253, 254, 255]);
    const { body } = await alice.post(upload, undefined, {
      raw,
      query: { filename: 'ä b.bin' },
      headers: { 'content-type': 'application/x-thing' },
    });
    await hs.close();
    const again = await homeserver({ dir });
    const response = await fetch(`${again.url}${download}/${idOf(body.content_uri)}/name`, {
      headers: { authorization: `Bearer ${alice.token}` },
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(raw);
    expect(response.headers.get('content-type')).toBe('application/x-thing');
    expect(response.headers.get('content-disposition')).toBe(
      "attachment; filename*=utf-8''%C3%A4%20b.bin",
    );
    const noToken = await fetch(`${again.url}${download}/${idOf(body.content_uri)}`);
    expect(noToken.status).toBe(401);
    const legacy = `/_matrix/media/v3/download/hs.test/${idOf(body.content_uri)}`;
    expect((await at(again, alice).get(legacy)).status).toBe(404);
  });

  it('has an image as its own thumbnail, and none of a text', async () => {
    const alice = await person(await homeserver(), 'alice');
    const thumbnail = async (type: string) => {
      const { body } = await alice.post(upload, undefined, {
        raw: 'x',
        headers: { 'content-type': type },
      });
      const to = `/_matrix/client/v1/media/thumbnail/hs.test/${idOf(body.content_uri)}`;
      return (await alice.get(to, { query: { width: '10', height: '10' } })).status;
    };
    expect([await thumbnail('image/png'), await thumbnail('text/plain')]).toEqual([200, 400]);
  });

  it('can be announced first and filled later, once, by the same person', async () => {
    const hs = await homeserver();
    const [alice, bob] = [await person(hs, 'alice'), await person(hs, 'bob')];
    const { body } = await alice.post('/_matrix/media/v1/create');
    const id = idOf(body.content_uri);
    expect((await alice.get(`${download}/${id}`)).body.errcode).toBe('M_NOT_YET_UPLOADED');
    const fill = async (who: typeof alice) =>
      (await who.put(`${upload}/hs.test/${id}`, undefined, { raw: 'bytes' })).status;
    expect([await fill(bob), await fill(alice), await fill(alice)]).toEqual([403, 200, 409]);
    expect((await alice.get(`${download}/${id}`)).body).toBe('bytes');
  });

  it('says how much it takes, and takes no more', async () => {
    const alice = await person(await homeserver(), 'alice');
    const { body } = await alice.get('/_matrix/client/v1/media/config');
    expect(body).toEqual({ 'm.upload.size': 52_428_800 });
    const raw = new Uint8Array(52_428_801);
    const answer = await alice.post(upload, undefined, { raw });
    expect([answer.status, answer.body.errcode]).toEqual([413, 'M_TOO_LARGE']);
  });

  it('finds no file that there is not, nor one of elsewhere', async () => {
    const alice = await person(await homeserver(), 'alice');
    expect((await alice.get(`${download}/none`)).status).toBe(404);
    const elsewhere = path`/_matrix/client/v1/media/download/${'else.where'}/x`;
    expect((await alice.get(elsewhere)).status).toBe(404);
  });
});
