import { randomLetters } from '../actions/create-room.ts';
import { Fault, notFound, refused } from '../fault.ts';
import type { Homeserver } from '../homeserver.ts';
import { type Call, Reply } from '../http/call.ts';
import { exact, type Route } from '../http/router.ts';
import { requester } from '../requester.ts';
import type { MediaChange } from '../world/change.ts';
import type { MediaStore } from '../world/media-store.ts';

/** Files. */
export function mediaRoutes(homeserver: Homeserver): readonly Route[] {
  const store = homeserver.files;
  const media = '/_matrix/client/v1/media';
  const download = (call: Call) => answerFile(homeserver, store, call);
  const config = (call: Call) => {
    requester(homeserver, call);
    return { 'm.upload.size': homeserver.maxUploadBytes };
  };
  return [
    exact('POST', '/_matrix/media/v3/upload', (call) => upload(homeserver, store, call)),
    exact('PUT', '/_matrix/media/v3/upload/:server/:id', (call) => fill(homeserver, store, call)),
    exact('POST', '/_matrix/media/v1/create', (call) => {
      const { userId } = requester(homeserver, call);
      const id = randomLetters(24);
      homeserver.commit({ kind: 'media', id, by: userId });
      return { content_uri: uriOf(homeserver, id), unused_expires_at: Date.now() + 86_400_000 };
    }),
    exact('GET', `${media}/config`, config),
    exact('GET', '/_matrix/media/v3/config', config),
    exact('GET', `${media}/download/:server/:id`, download),
    exact('GET', `${media}/download/:server/:id/:name`, download),
    exact('GET', `${media}/thumbnail/:server/:id`, (call) => {
      const reply = download(call);
      if (/^image\/(png|jpe?g|gif|webp)/.test(reply.headers['content-type'] ?? '')) return reply;
      throw refused('Cannot find any thumbnails for the requested media');
    }),
    // Without a token there are no new files to be had any more.
    ...['/download/:server/:id', '/download/:server/:id/:name', '/thumbnail/:server/:id'].map(
      (path) =>
        exact('GET', `/_matrix/media/v3${path}`, () => {
          throw notFound('Not found');
        }),
    ),
  ];
}

const uriOf = ({ serverName }: Homeserver, id: string) => `mxc://${serverName}/${id}`;

async function upload(homeserver: Homeserver, store: MediaStore, call: Call): Promise<object> {
  const { userId } = requester(homeserver, call);
  const id = randomLetters(24);
  store.write(id, await call.bytes(homeserver.maxUploadBytes));
  homeserver.commit({ ...described(call), kind: 'media', id, by: userId });
  return { content_uri: uriOf(homeserver, id) };
}

/** The bytes of a file that was announced before. */
async function fill(homeserver: Homeserver, store: MediaStore, call: Call): Promise<object> {
  const { userId } = requester(homeserver, call);
  const id = call.param('id');
  const announced = homeserver.world.media.get(id);
  if (announced === undefined) throw notFound('Unknown media ID');
  if (announced.by !== userId) throw new Fault(403, 'M_FORBIDDEN', 'Not the creator of this media');
  if (announced.mimeType !== undefined)
    throw new Fault(409, 'M_CANNOT_OVERWRITE_MEDIA', 'Media ID already has content');
  store.write(id, await call.bytes(homeserver.maxUploadBytes));
  homeserver.commit({ ...described(call), kind: 'media', id, by: userId });
  return {};
}

function described(call: Call): Pick<MediaChange, 'mimeType' | 'name'> {
  const name = call.query.get('filename');
  const mimeType = call.headers['content-type'] ?? 'application/octet-stream';
  return { mimeType, ...(name !== null && { name }) };
}

function answerFile(homeserver: Homeserver, store: MediaStore, call: Call): Reply {
  requester(homeserver, call);
  const file = homeserver.world.media.get(call.param('id'));
  if (file === undefined || call.param('server') !== homeserver.serverName)
    throw notFound('Not found');
  if (file.mimeType === undefined)
    throw new Fault(504, 'M_NOT_YET_UPLOADED', 'Media has not been uploaded yet');
  const name = file.name === undefined ? '' : `; filename*=utf-8''${encodeURIComponent(file.name)}`;
  return new Reply(200, store.read(file.id), {
    'content-type': file.mimeType,
    'content-disposition': `${isShown(file.mimeType) ? 'inline' : 'attachment'}${name}`,
    'content-security-policy': "sandbox; default-src 'none'; script-src 'none'",
    'x-content-type-options': 'nosniff',
  });
}

/** What a browser shows rather than saves, and cannot be harmed by. */
const isShown = (mimeType: string) =>
  /^(image\/(png|jpe?g|gif|webp|avif)|(audio|video)\/|text\/(plain|csv|css)|application\/json)/.test(
    mimeType,
  );
