import { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Shown } from '../../ports/appservice.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OpenFile } from '../../ports/matrix.ts';
import { slots } from '../../util/slots.ts';
import { refuse } from './answer.ts';
import { byteRange, stretch } from './byte-range.ts';

type ShownFile = Extract<Shown, { readonly file: unknown }>;

/** Each takes a connection to the homeserver, of which the bridge needs some itself. */
const MOST_AT_ONCE = 16;
const WAIT_MS = 10_000;
/** A reader who takes nothing for so long is gone. */
const STALLED_MS = 30_000;
const LONGEST_MS = 30 * 60_000;

/** What a browser shows in a page of its own and cannot be harmed by: no HTML and no SVG. */
const HARMLESS = /^(?:image\/(?:png|jpeg|gif|webp|avif)|(?:audio|video)\/[\w.+-]{1,60})$/;

/** Files for anybody: streamed, whole or a stretch of them, and so many at once. */
export function shownFiles(clock: Clock) {
  const places = slots(MOST_AT_ONCE);
  return {
    /** @throws {MatrixError} when the homeserver does not give it. */
    async send(ctx: Context, what: ShownFile): Promise<void> {
      // While the homeserver was asked.
      if (ctx.res.closed) return;
      const ended = new AbortController();
      const end = () => ended.abort();
      ctx.res.once('close', end);
      ctx.res.setTimeout(STALLED_MS, () => ctx.res.destroy());
      const cancelWait = clock.after(WAIT_MS, end);
      try {
        await places.enter(ended.signal);
      } catch {
        ctx.set('Retry-After', String(WAIT_MS / 1000));
        refuse(ctx, 503, 'M_LIMIT_EXCEEDED', 'Too many files are read at once');
        return;
      } finally {
        cancelWait();
      }
      const cancelEnd = clock.after(LONGEST_MS, end);
      ctx.res.once('close', () => {
        cancelEnd();
        places.leave();
      });
      answer(ctx, what, await what.open(ended.signal));
    },
  };
}

function answer(ctx: Context, { file }: ShownFile, { bytes, sizeBytes }: OpenFile): void {
  const isShown = HARMLESS.test(file.mimeType);
  ctx.attachment(file.name ?? file.as, { type: isShown ? 'inline' : 'attachment' });
  ctx.type = isShown ? file.mimeType : 'application/octet-stream';
  if (sizeBytes !== undefined) ctx.set('Accept-Ranges', 'bytes');
  const range = byteRange(ctx.get('Range'), sizeBytes);
  if (range === 'none') {
    ctx.set('Content-Range', `bytes */${sizeBytes}`);
    refuse(ctx, 416, 'M_INVALID_PARAM', 'The file has no such bytes');
  } else if (range) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${range.first}-${range.last}/${sizeBytes}`);
    ctx.body = Readable.from(stretch(bytes, range));
    ctx.length = range.last - range.first + 1;
  } else {
    ctx.body = Readable.from(bytes);
    if (sizeBytes !== undefined) ctx.length = sizeBytes;
  }
}
