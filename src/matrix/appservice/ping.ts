import type { AppserviceHandler } from '../../ports/appservice.ts';
import { text } from '../../util/fields.ts';
import { readBytes } from '../../util/read-bytes.ts';
import { refuse } from './answer.ts';
import type { Route } from './routes.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * `POST /_matrix/app/v1/ping`: the homeserver tries whether it reaches us, because we asked it to.
 *
 * @see https://spec.matrix.org/v1.18/application-service-api/#post_matrixappv1ping
 */
export function ping(handler: Pick<AppserviceHandler, 'pinged'>): Route {
  return {
    method: 'POST',
    path: /^\/_matrix\/app\/v1\/ping$/,
    async handle(ctx) {
      const { bytes, complete } = await readBytes(ctx.req, MAX_BODY_BYTES, 0);
      const body = complete ? read(bytes) : undefined;
      if (body === undefined) {
        refuse(ctx, 400, 'M_NOT_JSON', 'The body is not JSON');
        return;
      }
      handler.pinged(text(body.json, 'transaction_id'));
      ctx.body = {};
    },
  };
}

function read(bytes: Buffer): { json: unknown } | undefined {
  try {
    return { json: bytes.length === 0 ? {} : JSON.parse(bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
}
