import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { basePath, type MediaState } from '#gia/schemas';
import type { Context } from '../server/context.ts';
import type { Handlers } from '../server/handler.ts';
import { refuse } from '../server/refusal.ts';
import { randomId } from '../server/secrets.ts';
import type { MediaRow } from '../store/media.ts';
import type { UserRow } from '../store/users.ts';
import { byteRange } from './byte-range.ts';
import { hashOf, removeFile, writePiece } from './media-files.ts';

type Names = 'createMedia' | 'getMediaState' | 'uploadMedia' | 'getMedia';

/** Where what was uploaded lies. The name is nobody's choice. */
export const mediaPath = ({ folder }: Pick<Context, 'folder'>, mediaId: string): string =>
  join(folder, 'media', mediaId);

export function media(context: Context): Handlers<Names> {
  const { store, now } = context;
  const busy = new Set<string>();
  return {
    createMedia({ caller, body }) {
      const media_id = randomId('md_', 32);
      const owner_ref = caller.user.user_ref;
      store.media.add({ media_id, owner_ref, ...body, created_ms: now() });
      return { status: 201, body: state(context, ownUpload(context, caller.user, media_id)) };
    },
    getMediaState: ({ caller, params }) => ({
      status: 200,
      body: state(context, ownUpload(context, caller.user, params.media_id)),
    }),
    async uploadMedia({ caller, params: { media_id }, headers, body }) {
      const row = ownUpload(context, caller.user, media_id);
      if (busy.has(media_id) || headers['Upload-Offset'] !== row.offset_bytes || row.complete === 1)
        return refuse('conflict', `The next piece begins at ${row.offset_bytes}`, {
          current: row.offset_bytes,
        });
      busy.add(media_id);
      try {
        await takePiece(context, row, body);
      } finally {
        busy.delete(media_id);
      }
      return { status: 200, body: state(context, ownUpload(context, caller.user, media_id)) };
    },
    getMedia({ params: { media_id }, range }) {
      const row = store.media.get(media_id);
      if (row === undefined || row.complete === 0)
        return refuse('not_found', 'There is no such file');
      const asked = byteRange(range, row.size_bytes);
      const { start, end } = asked ?? { start: 0, end: row.size_bytes - 1 };
      const headers = {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(end - start + 1),
        'Accept-Ranges': 'bytes',
        ...(asked && { 'Content-Range': `bytes ${start}-${end}/${row.size_bytes}` }),
      };
      const body = createReadStream(mediaPath(context, media_id), { start, end });
      return { status: asked === undefined ? 200 : 206, headers, body };
    },
  };
}

function ownUpload({ store }: Context, { user_ref }: UserRow, mediaId: string): MediaRow {
  const row = store.media.get(mediaId);
  if (row?.owner_ref !== user_ref)
    return refuse('not_found', 'There is no such upload of this user');
  return row;
}

const state = ({ origin }: Context, row: MediaRow): MediaState => ({
  media_id: row.media_id,
  url: `${origin}${basePath}/media/${row.media_id}`,
  size_bytes: row.size_bytes,
  offset_bytes: row.offset_bytes,
  complete: row.complete === 1,
});

/** The offset is written once the bytes are on disk: whoever resumes leaves no hole. */
async function takePiece(context: Context, row: MediaRow, body: Readable): Promise<void> {
  const { media_id, size_bytes, sha256 } = row;
  const path = mediaPath(context, media_id);
  const offset = await writePiece(path, row, body);
  const isComplete = offset === size_bytes;
  if (isComplete && (await hashOf(path)) !== sha256) {
    context.store.media.remove(media_id);
    await removeFile(path);
    refuse('invalid_request', 'What was uploaded has another SHA-256 than was said: begin again');
  }
  context.store.media.setOffset(media_id, offset, isComplete);
}
