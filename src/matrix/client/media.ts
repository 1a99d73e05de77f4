import type { MatrixPort } from '../../ports/matrix.ts';
import { count } from '../../util/fields.ts';
import { answered } from './answers.ts';
import { isErrcode } from './content.ts';
import type { Context } from './context.ts';
import { endpoints, nameOf } from './endpoint.ts';
import { notSent } from './failures.ts';
import { spool } from './spool.ts';

/** What a homeserver that does not say takes at least. */
const DEFAULT_MAX_BYTES = 50 * 1024 * 1024;

const MXC = /^mxc:\/\/([a-zA-Z0-9.:[\]-]{1,255})\/([a-zA-Z0-9._~-]{1,255})$/;

/** Files, by the endpoints that ask for a token. */
export function media({ homeserver, bot }: Context): Pick<MatrixPort, 'upload' | 'openMedia'> {
  async function maxBytes(): Promise<number> {
    try {
      const config = await homeserver.request(endpoints.mediaConfig, { as: bot });
      return count(config, 'm.upload.size') ?? DEFAULT_MAX_BYTES;
    } catch (error) {
      if (isErrcode(error, 'M_UNRECOGNIZED')) return DEFAULT_MAX_BYTES;
      throw error;
    }
  }

  return {
    /**
     * Written to a temporary file first: homeservers want to know the size before, and close the
     * connection on a file that is too large.
     */
    async upload(as, file) {
      const name = nameOf(endpoints.upload);
      const limitBytes = await maxBytes();
      const spooled = await spool(file.bytes, limitBytes);
      if (!spooled)
        throw notSent(name, 'M_TOO_LARGE', `the file has more than ${limitBytes} bytes`);
      try {
        const mimeType = safeMimeType(file.mimeType);
        const { sizeBytes, open } = spooled;
        const answer = await homeserver.request(endpoints.upload, {
          as,
          file: { sizeBytes, open, mimeType },
        });
        return answered(endpoints.upload, answer, 'content_uri');
      } finally {
        await spooled.remove();
      }
    },

    async openMedia(ref, signal) {
      const [, origin, id] = MXC.exec(ref) ?? [];
      if (origin === undefined || id === undefined)
        throw notSent(nameOf(endpoints.download), 'M_INVALID_PARAM', 'that is no mxc: URI');
      return homeserver.stream(endpoints.download, { ids: [origin, id], as: bot }, signal);
    },
  };
}

/** It goes into a header. */
const safeMimeType = (mimeType: string | undefined): string =>
  mimeType !== undefined && /^[\w!#$&^.+-]{1,100}\/[\w!#$&^.+-]{1,100}$/.test(mimeType)
    ? mimeType
    : 'application/octet-stream';
